package spikemlp.trainer.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.springframework.boot.jackson.JacksonMixin;
import spikemlp.contract.job.JobLogPage;
import spikemlp.contract.job.TrainingJobPage;

/** Leaves {@code next} out of the last page. */
@JacksonMixin({TrainingJobPage.class, JobLogPage.class})
@JsonInclude(JsonInclude.Include.NON_NULL)
interface PageJson {}
