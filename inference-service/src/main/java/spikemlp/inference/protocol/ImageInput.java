package spikemlp.inference.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.inference.serve.Admitted;
import spikemlp.inference.serve.RequestBody;

/**
 * The one input {@code images}, in any of three datatypes.
 *
 * <pre>
 * FP32   [B, 3, H, W]  normalised, (x / 255 − mean) / std per channel; computed from as they are
 * UINT8  [B, h, w, 3]  RGB pixels of any size; resized and normalised as in training
 * BYTES  [B]           JPEG or PNG files; decoded, resized and normalised as in training
 * </pre>
 *
 * @param images what is computed from, {@code [B, 3, H, W]}
 * @param samples B
 */
record ImageInput(FloatBuffer images, int samples) {

  private static final long LONGEST_SIDE = 65_535;

  /**
   * Checks the request's input against the model and prepares it.
   *
   * @param largestBatch the most images a request may have
   * @throws spikemlp.problem.ProblemException 400 naming what came and what is expected
   * @throws spikemlp.contract.image.UnreadableImageException if a file is no usable picture
   */
  static ImageInput of(InferRequest request, Admitted model, RequestBody body, int largestBatch) {
    if (request.inputs().size() != 1
        || !request.inputs().getFirst().name().equals(ModelCard.INPUT_NAME)) {
      throw BadRequest.because(
          "the model has one input, '"
              + ModelCard.INPUT_NAME
              + "'; the request has "
              + request.inputs().stream().map(InferInput::name).toList());
    }
    InferInput input = request.inputs().getFirst();
    if (input.content() instanceof TensorContent.Missing) {
      throw BadRequest.because(
          "input 'images' has neither 'data' nor '" + InferInput.BINARY_SIZE + "'");
    }
    InputSpec spec = model.card().input();
    return switch (input.datatype()) {
      case "FP32" -> normalised(input, spec, largestBatch);
      case "UINT8" -> {
        int samples = pixelSamples(input, largestBatch);
        yield new ImageInput(model.prepare(pixels(input, samples), body), samples);
      }
      case "BYTES" -> {
        int samples = fileSamples(input, largestBatch);
        yield new ImageInput(model.prepare(files(input, samples), body), samples);
      }
      default ->
          throw BadRequest.because(
              "input 'images' has datatype "
                  + input.datatype()
                  + "; FP32, UINT8 and BYTES are accepted");
    };
  }

  private static ImageInput normalised(InferInput input, InputSpec spec, int largestBatch) {
    List<Long> shape = input.shape();
    if (shape.size() != 4
        || shape.get(1) != 3
        || shape.get(2) != spec.height()
        || shape.get(3) != spec.width()
        || shape.getFirst() < 1
        || shape.getFirst() > largestBatch) {
      throw wrongShape(
          input,
          "[B, 3, %d, %d] with B from 1 to %d"
              .formatted(spec.height(), spec.width(), largestBatch));
    }
    long samples = shape.getFirst();
    long values = samples * 3 * spec.height() * spec.width();
    FloatBuffer images =
        switch (input.content()) {
          case TensorContent.Numbers numbers -> numbers.values();
          case TensorContent.Binary binary -> {
            requireCount(input, values * Float.BYTES, binary.bytes().remaining(), "bytes");
            yield nativeFloats(binary.bytes());
          }
          case TensorContent.Strings _, TensorContent.Missing _ -> throw wrongContent(input);
        };
    requireCount(input, values, images.remaining(), "values");
    for (int i = 0; i < images.limit(); i++) {
      if (!Float.isFinite(images.get(i))) {
        throw BadRequest.because(
            "value " + i + " of input 'images' is " + images.get(i) + ", which is not finite");
      }
    }
    return new ImageInput(images, (int) samples);
  }

  /** Little-endian bytes as floats: in place where the machine is little-endian too. */
  private static FloatBuffer nativeFloats(ByteBuffer bytes) {
    FloatBuffer floats = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? floats
        : FloatBuffer.allocate(floats.remaining()).put(floats).flip();
  }

  private static int pixelSamples(InferInput input, int largestBatch) {
    List<Long> shape = input.shape();
    if (shape.size() != 4
        || shape.get(3) != 3
        || outside(shape.get(1))
        || outside(shape.get(2))
        || shape.get(1) * shape.get(2) > Picture.DEFAULT_MAX_PIXELS
        || shape.getFirst() < 1
        || shape.getFirst() > largestBatch) {
      throw wrongShape(
          input,
          "[B, height, width, 3] with B from 1 to %d, sides from 1 to %d and at most %d pixels"
              .formatted(largestBatch, LONGEST_SIDE, Picture.DEFAULT_MAX_PIXELS));
    }
    return shape.getFirst().intValue();
  }

  private static boolean outside(long side) {
    return side < 1 || side > LONGEST_SIDE;
  }

  private static List<Admitted.PixelSource> pixels(InferInput input, int samples) {
    int height = input.shape().get(1).intValue();
    int width = input.shape().get(2).intValue();
    long size = 3L * height * width;
    ByteBuffer all =
        switch (input.content()) {
          case TensorContent.Numbers numbers -> {
            requireCount(input, samples * size, numbers.values().remaining(), "values");
            yield unsigned(numbers.values());
          }
          case TensorContent.Binary binary -> {
            requireCount(input, samples * size, binary.bytes().remaining(), "bytes");
            yield binary.bytes();
          }
          case TensorContent.Strings _, TensorContent.Missing _ -> throw wrongContent(input);
        };
    List<Admitted.PixelSource> pictures = new ArrayList<>();
    for (int b = 0; b < samples; b++) {
      int from = (int) (b * size);
      pictures.add(preparation -> {
        byte[] rgb = new byte[(int) size];
        all.get(from, rgb);
        return preparation.pixels(new Picture(height, width, rgb));
      });
    }
    return pictures;
  }

  private static ByteBuffer unsigned(FloatBuffer values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.remaining());
    for (int i = 0; i < values.limit(); i++) {
      float value = values.get(i);
      if (!(value >= 0 && value <= 255 && value == (int) value)) {
        throw BadRequest.because(
            "value "
                + i
                + " of input 'images' is "
                + value
                + "; UINT8 holds whole numbers from 0 to 255");
      }
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private static int fileSamples(InferInput input, int largestBatch) {
    List<Long> shape = input.shape();
    if (shape.isEmpty()
        || shape.size() > 2
        || (shape.size() == 2 && shape.getLast() != 1)
        || shape.getFirst() < 1
        || shape.getFirst() > largestBatch) {
      throw wrongShape(input, "[B] with B from 1 to " + largestBatch);
    }
    return shape.getFirst().intValue();
  }

  private static List<Admitted.PixelSource> files(InferInput input, int samples) {
    List<byte[]> files =
        switch (input.content()) {
          case TensorContent.Strings strings ->
              strings.values().stream().map(ImageInput::fromBase64).toList();
          case TensorContent.Binary binary -> elements(binary.bytes(), samples);
          case TensorContent.Numbers _, TensorContent.Missing _ -> throw wrongContent(input);
        };
    requireCount(input, samples, files.size(), "elements");
    return files.stream()
        .<Admitted.PixelSource>map(file -> preparation -> preparation.pixels(file))
        .toList();
  }

  private static byte[] fromBase64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw BadRequest.because(
          "an element of input 'images' is no base64 ("
              + e.getMessage()
              + "); in JSON, picture files are written in base64");
    }
  }

  /** Each element's length as 4 bytes, then its bytes. */
  private static List<byte[]> elements(ByteBuffer bytes, int most) {
    List<byte[]> elements = new ArrayList<>();
    while (bytes.hasRemaining()) {
      long length = bytes.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(bytes.getInt());
      if (length < 0 || length > bytes.remaining()) {
        throw BadRequest.because(
            "element "
                + elements.size()
                + " of input 'images' is cut off: each is its length in 4 bytes, little-endian, and"
                + " then so many bytes");
      }
      if (elements.size() == most) {
        throw BadRequest.because(
            "input 'images' has more than the " + most + " elements that its shape says");
      }
      byte[] element = new byte[(int) length];
      bytes.get(element);
      elements.add(element);
    }
    return elements;
  }

  private static RuntimeException wrongShape(InferInput input, String expected) {
    return BadRequest.because(
        "input 'images' of datatype "
            + input.datatype()
            + " has shape "
            + input.shape()
            + "; expected is "
            + expected);
  }

  private static RuntimeException wrongContent(InferInput input) {
    return BadRequest.because(
        "input 'images' of datatype "
            + input.datatype()
            + " has the wrong 'data': FP32 and UINT8 are numbers, BYTES strings of base64");
  }

  private static void requireCount(InferInput input, long expected, long given, String what) {
    if (given != expected) {
      throw BadRequest.because(
          "input 'images' of datatype "
              + input.datatype()
              + " and shape "
              + input.shape()
              + " has "
              + expected
              + " "
              + what
              + "; "
              + given
              + " were given");
    }
  }
}
