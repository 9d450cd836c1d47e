package spikemlp.inference.serve;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What requests may bring.
 *
 * @param largest bytes of a body of the Open Inference Protocol or of several pictures,
 *     decompressed
 * @param largestBatch images of one request of the Open Inference Protocol
 * @param arriveWithin how long a body may take to arrive
 * @param pauseWithin how long it may pause between two bytes
 * @param memory bytes that all requests' bodies and images may hold at once
 * @param decoders threads that decode pictures; 0 means one a core
 */
@ConfigurationProperties("spikemlp.inference.requests")
public record RequestProperties(
    @DefaultValue("64MB") DataSize largest,
    @DefaultValue("256") int largestBatch,
    @DefaultValue("30s") Duration arriveWithin,
    @DefaultValue("10s") Duration pauseWithin,
    @DefaultValue("512MB") DataSize memory,
    @DefaultValue("0") int decoders) {

  public RequestProperties {
    if (largest.toBytes() < 1
        || largest.toBytes() >= Integer.MAX_VALUE
        || memory.compareTo(largest) < 0) {
      throw new IllegalArgumentException(
          "spikemlp.inference.requests wants a largest body of 1 byte to 2 GiB and at least as much"
              + " memory, not "
              + largest
              + " and "
              + memory);
    }
    if (largestBatch < 1
        || !arriveWithin.isPositive()
        || !pauseWithin.isPositive()
        || decoders < 0) {
      throw new IllegalArgumentException(
          "spikemlp.inference.requests wants a largest-batch of 1 or more, positive"
              + " arrive-within and pause-within, and decoders of 0 or more, not "
              + largestBatch
              + ", "
              + arriveWithin
              + ", "
              + pauseWithin
              + " and "
              + decoders);
    }
    if (decoders == 0) {
      decoders = Runtime.getRuntime().availableProcessors();
    }
  }
}
