package spikemlp.network;

import java.util.function.LongToDoubleFunction;
import spikemlp.contract.network.NetworkConfig;

/** Refuses images {@code [B, 3, H, W]} with numbers that are not finite. */
final class ImageCheck {

  private ImageCheck() {}

  /**
   * Looks at every number.
   *
   * @throws IllegalArgumentException if one is NaN or infinite; the message names its place
   */
  static void requireFinite(NetworkConfig config, long count, LongToDoubleFunction images) {
    for (long i = 0; i < count; i++) {
      double value = images.applyAsDouble(i);
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(message(config, i, value));
      }
    }
  }

  private static String message(NetworkConfig config, long i, double value) {
    long row = i / config.imageWidth();
    long channel = row / config.imageHeight();
    return "image %d of the batch, counted from 0, holds %s at channel %d, row %d, column %d; pixels are finite numbers"
        .formatted(
            channel / NetworkConfig.IMAGE_CHANNELS,
            value,
            channel % NetworkConfig.IMAGE_CHANNELS,
            row % config.imageHeight(),
            i % config.imageWidth());
  }
}
