package spikemlp.inference.engine;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/** The platform threads that carry the requests' virtual threads, one a core as Java has it. */
final class Carriers {

  private Carriers() {}

  /**
   * Has one more than may compute: a virtual thread that computes holds its carrier, and the other
   * requests must not wait for it. More would take time from those that compute.
   *
   * @param computing virtual threads that may compute at once
   */
  static void oneMoreThan(int computing) {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    if (scheduler.getParallelism() <= computing) {
      scheduler.setParallelism(computing + 1);
    }
  }
}
