/** What the trainer says and is told over REST: training-job requests, views and progress. */
@NullMarked
package spikemlp.contract.job;

import org.jspecify.annotations.NullMarked;
