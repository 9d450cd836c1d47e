package spikemlp.contract.image;

import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import spikemlp.contract.image.PictureHeader.Format;

/**
 * Listens to a reader, because a JPEG's decoder only warns where data is missing and fills the rest
 * with grey. Stray bytes between segments harm nothing and pass.
 */
final class Warnings implements IIOReadWarningListener {

  private String corruption = "";

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    boolean harmless = warning.contains("extraneous bytes");
    boolean corrupt =
        warning.startsWith("Corrupt JPEG data")
            || warning.startsWith("Premature end")
            || warning.startsWith("Truncated");
    if (corrupt && !harmless && corruption.isEmpty()) {
      corruption = warning;
    }
  }

  void refuseCorrupt(Format format) {
    if (!corruption.isEmpty()) {
      throw new UnreadableImageException(
          "the " + format + " is corrupt or cut off (its decoder says: " + corruption + ")");
    }
  }
}
