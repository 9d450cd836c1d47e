package spikemlp.benchmark.kernel;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What one thread can do at most, measured in the same run.
 *
 * <p>Work of f floating-point operations and b bytes takes at least max(f / peak, b / bandwidth):
 * the lower of the two bounds on its speed, by its arithmetic intensity f / b.
 *
 * @param peakGflops 10⁹ floating-point operations a second, of fused multiply-adds in registers
 * @param bandwidthGbytes 10⁹ bytes a second, of a triad over arrays that no cache holds
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Roofline(double peakGflops, double bandwidthGbytes) {

  /** Which bound is the lower one. */
  enum Bound {
    COMPUTE,
    MEMORY
  }

  Roofline {
    if (!(peakGflops > 0 && bandwidthGbytes > 0)) {
      throw new IllegalArgumentException(
          "limits must be positive, not " + peakGflops + " and " + bandwidthGbytes);
    }
  }

  Bound bound(double flops, double bytes) {
    return flops / peakGflops > bytes / bandwidthGbytes ? Bound.COMPUTE : Bound.MEMORY;
  }

  /** The share of the lower bound that work done in {@code nanoseconds} reached. */
  double share(double flops, double bytes, double nanoseconds) {
    return Math.max(flops / peakGflops, bytes / bandwidthGbytes) / nanoseconds;
  }
}
