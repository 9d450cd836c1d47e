package spikemlp.inference.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import spikemlp.inference.serve.RequestBody;

/**
 * The binary data of the inputs, which follow a body's JSON in their order.
 *
 * @param head how many bytes of the body are JSON; empty if all are
 */
record BinaryTail(RequestBody body, Optional<Long> head) {

  /** The header that says how many bytes of a body are JSON. */
  static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  /**
   * @param headerLength the value of {@link #HEADER_LENGTH}, if it was sent
   * @throws spikemlp.problem.ProblemException 400 if it is no number of bytes of the body
   */
  static BinaryTail of(RequestBody body, Optional<String> headerLength) {
    return new BinaryTail(body, headerLength.map(text -> length(text, body)));
  }

  private static long length(String text, RequestBody body) {
    long length;
    try {
      length = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw BadRequest.because(
          HEADER_LENGTH + " is the number of bytes that the JSON has, not '" + text + "'");
    }
    if (length < 1 || (body.declared() >= 0 && length > body.declared())) {
      throw BadRequest.because(
          HEADER_LENGTH
              + " is "
              + length
              + ", which is no number of bytes of this body"
              + (body.declared() >= 0 ? " of " + body.declared() : ""));
    }
    return length;
  }

  /** The part of the body that is JSON. */
  InputStream json() {
    return head.<InputStream>map(body::part).orElse(body);
  }

  /** To be said of JSON that ends too early. */
  String whereTheJsonIs() {
    return head.map(bytes ->
            " (the JSON is the first " + bytes + " bytes of the body, by " + HEADER_LENGTH + ")")
        .orElse("");
  }

  /**
   * Reads the rest of a body whose JSON has been read.
   *
   * @param inputs as the JSON announced them
   * @return them, those with binary data holding it
   */
  List<InferInput> read(List<InferInput> inputs) throws IOException {
    long jsonBytes = body.received();
    if (head.isPresent() && jsonBytes != head.get()) {
      throw BadRequest.because(
          HEADER_LENGTH
              + " is "
              + head.get()
              + ", but the body ended after "
              + jsonBytes
              + " bytes");
    }
    List<InferInput> whole = new ArrayList<>();
    for (InferInput input : inputs) {
      Optional<Long> size = input.binarySize();
      whole.add(size.isPresent() ? read(input, size.get()) : input);
    }
    if (head.isPresent() && body.read() >= 0) {
      throw BadRequest.because(
          "the body has more bytes than its JSON ("
              + head.get()
              + ") and the '"
              + InferInput.BINARY_SIZE
              + "' of its inputs ("
              + (body.received() - 1 - head.get())
              + ") say");
    }
    return whole;
  }

  private InferInput read(InferInput input, long size) throws IOException {
    if (head.isEmpty()) {
      throw BadRequest.because(
          "input '"
              + input.name()
              + "' has '"
              + InferInput.BINARY_SIZE
              + "', but the header "
              + HEADER_LENGTH
              + " does not say where the JSON ends");
    }
    if (!(input.content() instanceof TensorContent.Missing)) {
      throw BadRequest.because("input '" + input.name() + "' has both 'data' and binary data");
    }
    if (size > body.largest()
        || (body.declared() >= 0 && size > body.declared() - body.received())) {
      throw BadRequest.because(
          "input '"
              + input.name()
              + "' announces "
              + size
              + " bytes of binary data; "
              + (body.declared() >= 0
                  ? "the body has " + (body.declared() - body.received()) + " left"
                  : "a body has at most " + body.largest()));
    }
    body.hold(size);
    ByteBuffer bytes = ByteBuffer.allocateDirect((int) size).order(ByteOrder.LITTLE_ENDIAN);
    int came = body.fill(bytes);
    if (came < size) {
      throw BadRequest.because(
          "input '"
              + input.name()
              + "' announces "
              + size
              + " bytes of binary data, but the body ended after "
              + came);
    }
    return input.with(new TensorContent.Binary(bytes.flip()));
  }
}
