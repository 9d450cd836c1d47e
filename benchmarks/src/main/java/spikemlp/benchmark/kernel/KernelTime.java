package spikemlp.benchmark.kernel;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A row of the table.
 *
 * @param name the kernel
 * @param unit what times are given for
 * @param ours nanoseconds a unit, the median of the iterations
 * @param oursSpread half of what lies between the least and the most of the iterations
 * @param naive the same of the naive kernel
 * @param ratio naive over ours
 * @param gflops ours, 10⁹ operations a second, of the dense product where it is one of spikes
 * @param gbytes ours, 10⁹ bytes a second
 * @param bound which limit of the machine is the lower one
 * @param share of that limit
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record KernelTime(
    String name,
    Work.Unit unit,
    double ours,
    double oursSpread,
    double naive,
    double ratio,
    double gflops,
    double gbytes,
    Roofline.Bound bound,
    double share) {

  /**
   * A row of times a sample.
   *
   * @param ours nanoseconds
   * @param oursSpread nanoseconds
   * @param naive nanoseconds
   */
  static KernelTime of(Work work, Roofline limits, double ours, double oursSpread, double naive) {
    return new KernelTime(
        work.name(),
        work.unit(),
        ours / work.units(),
        oursSpread / work.units(),
        naive / work.units(),
        naive / ours,
        work.flops() / ours,
        work.bytes() / ours,
        limits.bound(work.flops(), work.bytes()),
        limits.share(work.flops(), work.bytes(), ours));
  }
}
