package spikemlp.contract.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.image.PictureHeader.Format;

/**
 * Decodes with the readers of the Java runtime itself, whatever other plug-ins the class path has,
 * and takes the samples before any colour management: the same bytes give the same pixels.
 *
 * <p>Thread-safe: idle readers wait in a queue, each is used by one thread at a time. Pictures of
 * more than 4 megapixels are decoded two at a time, which bounds the memory.
 */
final class PictureDecoder {

  static {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  private static final long LARGE_PIXELS = 4_000_000;
  private static final Semaphore LARGE = new Semaphore(2);
  private static final PictureDecoder JPEG = new PictureDecoder("JPEG");
  private static final PictureDecoder PNG = new PictureDecoder("PNG");

  private final ImageReaderSpi provider;
  private final ConcurrentLinkedQueue<ImageReader> idle = new ConcurrentLinkedQueue<>();

  private PictureDecoder(String format) {
    provider = provider(format);
  }

  private static ImageReaderSpi provider(String format) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi candidate = providers.next();
      if (candidate.getClass().getName().startsWith("com.sun.imageio.plugins.")
          && candidate.getFormatNames()[0].toUpperCase(Locale.ROOT).equals(format)) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "this Java runtime has no " + format + " reader; it needs the module java.desktop");
  }

  static Picture decode(byte[] encoded, PictureHeader header, long maxPixels) {
    if (header.pixels() > maxPixels) {
      throw new UnreadableImageException(
          "the picture is %d×%d (height×width), %.1f megapixels; at most %.1f are read: scale it"
                  .formatted(
                      header.height(), header.width(), header.pixels() / 1e6, maxPixels / 1e6)
              + " down");
    }
    if (header.pixels() <= LARGE_PIXELS) {
      return decodeNow(encoded, header);
    }
    LARGE.acquireUninterruptibly();
    try {
      return decodeNow(encoded, header);
    } finally {
      LARGE.release();
    }
  }

  private static Picture decodeNow(byte[] encoded, PictureHeader header) {
    return switch (header.format()) {
      case JPEG -> {
        JpegMarkers.requireEnd(encoded);
        Raster raster = JPEG.read(encoded, header.format(), reader -> reader.readRaster(0, null));
        Picture stored =
            new Picture(
                raster.getHeight(), raster.getWidth(), Samples.rgb(raster, header.colour()));
        yield Orientation.upright(stored, header.orientation());
      }
      case PNG -> {
        PngChunks.requireSound(encoded);
        BufferedImage image = PNG.read(encoded, header.format(), reader -> reader.read(0));
        Raster raster = image.getRaster();
        byte[] rgb =
            image.getColorModel() instanceof IndexColorModel palette
                ? Samples.palette(raster, palette)
                : Samples.onWhite(raster);
        yield new Picture(raster.getHeight(), raster.getWidth(), rgb);
      }
    };
  }

  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private <T> T read(byte[] encoded, Format format, Reading<T> reading) {
    Warnings warnings = new Warnings();
    ImageReader reader = null;
    try {
      reader = take();
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(new EncodedBytes(encoded), true, true);
      T result = reading.from(reader);
      reader.reset();
      idle.add(reader);
      warnings.refuseCorrupt(format);
      return result;
    } catch (UnreadableImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (reader != null) {
        reader.dispose();
      }
      throw new UnreadableImageException(
          "the " + format + " of " + encoded.length + " bytes is corrupt: " + reason(e), e);
    }
  }

  private ImageReader take() throws IOException {
    ImageReader reader = idle.poll();
    return reader == null ? provider.createReaderInstance() : reader;
  }

  private static String reason(Exception e) {
    @Nullable String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
