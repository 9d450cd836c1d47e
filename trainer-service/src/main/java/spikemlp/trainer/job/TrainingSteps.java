package spikemlp.trainer.job;

import java.time.Clock;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import spikemlp.contract.job.JobKind;
import spikemlp.trainer.TrainerProperties;
import spikemlp.trainer.dataset.DataSets;
import spikemlp.trainer.job.SegmentReader.Work;
import spikemlp.trainer.job.SegmentTraining.Trained;
import spikemlp.trainer.registration.RegistryClient;

/**
 * The Batch jobs, one for each {@link JobKind}: prepareData → train → evaluate → export → register;
 * the same without train; prepareData → train → compare. One Batch job instance a training job, by
 * its id; a restart skips the steps that are complete.
 */
@Configuration(proxyBeanMethods = false)
class TrainingSteps {

  /** The job parameter that holds the training job's id. */
  static final String JOB_ID = "job";

  static final String PREPARE_DATA = "prepareData";
  static final String TRAIN = "train";
  static final String EVALUATE = "evaluate";
  static final String EXPORT = "export";
  static final String REGISTER = "register";
  static final String COMPARE = "compare";

  private static final String THE_JOB = "#{jobParameters['" + JOB_ID + "']}";

  @Bean
  Job training(
      JobRepository repository,
      Step prepareData,
      Step train,
      Step evaluate,
      Step export,
      Step register) {
    return flow(JobKind.TRAIN, repository, prepareData, train, evaluate, export, register);
  }

  @Bean
  Job exporting(
      JobRepository repository, Step prepareData, Step evaluate, Step export, Step register) {
    return flow(JobKind.EXPORT, repository, prepareData, evaluate, export, register);
  }

  @Bean
  Job reproducing(JobRepository repository, Step prepareData, Step train, Step compare) {
    return flow(JobKind.REPRODUCE, repository, prepareData, train, compare);
  }

  /** The Batch job's name; Batch looks a job up by it to restart it. */
  static String name(JobKind kind) {
    return switch (kind) {
      case TRAIN -> "training";
      case EXPORT -> "exporting";
      case REPRODUCE -> "reproducing";
    };
  }

  private static Job flow(JobKind kind, JobRepository repository, Step first, Step... next) {
    SimpleJobBuilder flow = new JobBuilder(name(kind), repository).start(first);
    for (Step step : next) {
      flow = flow.next(step);
    }
    return flow.build();
  }

  @Bean
  Step prepareData(
      JobRepository repository,
      PlatformTransactionManager transactions,
      Tasklet dataPreparation,
      StepWatch watch) {
    return taskletStep(PREPARE_DATA, repository, transactions, dataPreparation, watch);
  }

  @Bean
  Step train(
      JobRepository repository,
      PlatformTransactionManager transactions,
      SegmentReader segmentReader,
      SegmentTraining segmentTraining,
      SegmentWriter segmentWriter,
      StepWatch watch) {
    return new StepBuilder(TRAIN, repository)
        .<Work, Trained>chunk(1)
        .transactionManager(transactions)
        .reader(segmentReader)
        .processor(segmentTraining)
        .writer(segmentWriter)
        .listener((StepListener) watch)
        .build();
  }

  @Bean
  Step evaluate(
      JobRepository repository,
      PlatformTransactionManager transactions,
      Tasklet evaluation,
      StepWatch watch) {
    return taskletStep(EVALUATE, repository, transactions, evaluation, watch);
  }

  @Bean
  Step export(
      JobRepository repository,
      PlatformTransactionManager transactions,
      Tasklet modelExport,
      StepWatch watch) {
    return taskletStep(EXPORT, repository, transactions, modelExport, watch);
  }

  @Bean
  Step register(
      JobRepository repository,
      PlatformTransactionManager transactions,
      Tasklet registration,
      StepWatch watch) {
    return taskletStep(REGISTER, repository, transactions, registration, watch);
  }

  @Bean
  Step compare(
      JobRepository repository,
      PlatformTransactionManager transactions,
      Tasklet comparison,
      StepWatch watch) {
    return taskletStep(COMPARE, repository, transactions, comparison, watch);
  }

  @Bean
  @StepScope
  Tasklet comparison(RunningJobs jobs, JobQueue queue, @Value(THE_JOB) String job) {
    return new WeightComparison(jobs.get(job), queue);
  }

  @Bean
  @StepScope
  Tasklet dataPreparation(
      RunningJobs jobs,
      JobPlanner planner,
      DataSets dataSets,
      JobQueue queue,
      @Value(THE_JOB) String job) {
    return new DataPreparation(jobs.get(job), planner, dataSets, queue);
  }

  @Bean
  @StepScope
  SegmentReader segmentReader(
      RunningJobs jobs, TrainerProperties properties, @Value(THE_JOB) String job) {
    return new SegmentReader(jobs.get(job), properties.segmentBatches());
  }

  @Bean
  @StepScope
  SegmentTraining segmentTraining(
      RunningJobs jobs,
      TrainerProperties properties,
      TrainerMetrics metrics,
      @Value(THE_JOB) String job) {
    return new SegmentTraining(jobs.get(job), properties.curveImages(), metrics);
  }

  @Bean
  @StepScope
  SegmentWriter segmentWriter(
      RunningJobs jobs, JobQueue queue, MetricHistory history, @Value(THE_JOB) String job) {
    return new SegmentWriter(jobs.get(job), queue, history);
  }

  @Bean
  @StepScope
  Tasklet evaluation(RunningJobs jobs, JobQueue queue, @Value(THE_JOB) String job) {
    return new ModelEvaluation(jobs.get(job), queue);
  }

  @Bean
  @StepScope
  Tasklet modelExport(
      RunningJobs jobs,
      JobQueue queue,
      ReportWriter reports,
      Clock clock,
      TrainerProperties properties,
      @Value(THE_JOB) String job) {
    return new ModelExport(jobs.get(job), queue, reports, clock, properties.proofImages());
  }

  @Bean
  @StepScope
  Tasklet registration(
      RunningJobs jobs, JobQueue queue, RegistryClient registry, @Value(THE_JOB) String job) {
    return new ModelRegistration(jobs.get(job), queue, registry);
  }

  private static Step taskletStep(
      String name,
      JobRepository repository,
      PlatformTransactionManager transactions,
      Tasklet tasklet,
      StepExecutionListener watch) {
    return new StepBuilder(name, repository).tasklet(tasklet, transactions).listener(watch).build();
  }
}
