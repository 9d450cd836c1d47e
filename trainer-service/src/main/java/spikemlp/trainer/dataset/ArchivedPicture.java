package spikemlp.trainer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.contract.image.UnreadableImageException;

/** Reads single pictures of an archive, bounded in bytes and pixels. */
final class ArchivedPicture {

  /** The largest picture file, as in training. */
  private static final int MAX_BYTES = 64 << 20;

  /** The longest side of a thumbnail. */
  static final int THUMBNAIL_SIDE = 64;

  private ArchivedPicture() {}

  /**
   * Decodes a picture, its size looked at before.
   *
   * @throws UnreadableImageException if it is none, damaged or too large
   */
  static Picture decode(ZipFile zip, String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new UnreadableImageException("it is no longer in the archive");
    }
    int most = (int) Math.min(MAX_BYTES, entry.getSize());
    byte[] encoded;
    try (InputStream in = zip.getInputStream(entry)) {
      encoded = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new UnreadableImageException(
            entry.getSize() > MAX_BYTES
                ? "it has more than " + (MAX_BYTES >> 20) + " MiB"
                : "it unpacks to more than the announced " + entry.getSize() + " bytes");
      }
    } catch (IOException e) {
      throw new UnreadableImageException(
          "it cannot be unpacked: " + InvalidArchive.shown(String.valueOf(e.getMessage())), e);
    }
    return Picture.decode(encoded);
  }

  /** The picture, at most {@value #THUMBNAIL_SIDE} pixels on a side, as a PNG. */
  static byte[] thumbnail(Picture picture) {
    double scale =
        Math.min(1, (double) THUMBNAIL_SIDE / Math.max(picture.height(), picture.width()));
    int height = Math.max(1, (int) Math.round(picture.height() * scale));
    int width = Math.max(1, (int) Math.round(picture.width() * scale));
    byte[] rgb =
        new ImagePreparation(InputSpec.unnormalised(height, width, InputSpec.Fit.STRETCH))
            .pixels(picture);
    return new Picture(height, width, rgb).toPng();
  }
}
