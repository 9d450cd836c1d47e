package spikemlp.contract.job;

/**
 * How far a job has come; also the data of an {@code event: progress}.
 *
 * @param step the Batch step: prepareData, train, evaluate, export or register
 * @param epoch epochs begun, from 1; 0 before training
 * @param epochs epochs in all
 * @param batch mini-batches done, over all epochs
 * @param batches mini-batches in all
 * @param loss mean training loss since the last report; 0 before the first
 * @param accuracy training accuracy since the last report, in [0, 1]
 * @param imagesPerSecond training speed since the last report
 * @param secondsLeft estimate for the rest of training
 */
public record JobProgress(
    String step,
    int epoch,
    int epochs,
    long batch,
    long batches,
    double loss,
    double accuracy,
    double imagesPerSecond,
    double secondsLeft) {

  /** Nothing done yet. */
  public static final JobProgress NONE = new JobProgress("queued", 0, 0, 0, 0, 0, 0, 0, 0);
}
