package spikemlp.inference.engine;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/** The platform threads that carry the requests' virtual threads, one a core as Java has it. */
final class Carriers {

  private Carriers() {}

  /**
   * Has so many more than cores: a virtual thread that computes holds its carrier, and the other
   * requests must not wait for it.
   *
   * @param computing virtual threads that may compute at once
   */
  static void spare(int computing) {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    int wanted = Runtime.getRuntime().availableProcessors() + computing;
    if (scheduler.getParallelism() < wanted) {
      scheduler.setParallelism(wanted);
    }
  }
}
