package spikemlp.inference.protocol;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes an answer: the JSON, then the outputs that are wanted as binary data, in their order. */
final class InferAnswerWriter {

  private static final JsonFactory JSON = JsonFactory.builder().build();

  private final InferAnswer answer;
  private final @Nullable String id;
  private final List<WantedOutput> outputs;

  /**
   * A writer of one answer.
   *
   * @param id the request's, or null
   * @param outputs in their order
   */
  InferAnswerWriter(InferAnswer answer, @Nullable String id, List<WantedOutput> outputs) {
    this.answer = answer;
    this.id = id;
    this.outputs = outputs;
  }

  void write(HttpServletResponse response) throws IOException {
    List<byte[]> binary = new ArrayList<>();
    byte[] head = json(binary);
    int length = head.length;
    for (byte[] one : binary) {
      length = Math.addExact(length, one.length);
    }
    if (binary.isEmpty()) {
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    } else {
      response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
      response.setHeader(BinaryTail.HEADER_LENGTH, Integer.toString(head.length));
    }
    response.setContentLength(length);
    ByteBuffer whole = ByteBuffer.allocate(length).put(head); // each write passes many wrappers
    binary.forEach(whole::put);
    response.getOutputStream().write(whole.array());
  }

  private byte[] json(List<byte[]> binary) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeStringProperty("model_name", answer.version().model());
      json.writeStringProperty("model_version", Integer.toString(answer.version().version()));
      if (id != null) {
        json.writeStringProperty("id", id);
      }
      json.writeName("parameters");
      json.writeStartObject();
      for (Map.Entry<String, Object> total : answer.totals().entrySet()) {
        json.writeName(total.getKey());
        switch (total.getValue()) {
          case Double number -> json.writeNumber(number);
          case Long number -> json.writeNumber(number);
          case Integer number -> json.writeNumber(number);
          default -> json.writeString(total.getValue().toString());
        }
      }
      json.writeEndObject();
      json.writeName("outputs");
      json.writeStartArray();
      for (WantedOutput output : outputs) {
        output(json, output, binary);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private void output(JsonGenerator json, WantedOutput output, List<byte[]> binary) {
    OutputTensor tensor = output.tensor();
    json.writeStartObject();
    json.writeStringProperty("name", tensor.label());
    json.writeStringProperty("datatype", tensor.datatype());
    json.writeName("shape");
    json.writeStartArray();
    for (long side : tensor.shape(answer.card(), answer.batch())) {
      json.writeNumber(side);
    }
    json.writeEndArray();
    if (output.binary()) {
      byte[] data = bytes(tensor);
      binary.add(data);
      json.writeName("parameters");
      json.writeStartObject();
      json.writeName(InferInput.BINARY_SIZE);
      json.writeNumber(data.length);
      json.writeEndObject();
    } else {
      json.writeName("data");
      json.writeStartArray();
      for (int b = 0; b < answer.batch(); b++) {
        numbers(json, tensor, b);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void numbers(JsonGenerator json, OutputTensor tensor, int sample) {
    switch (tensor) {
      case LOGITS, PROBABILITIES -> {
        for (float value : answer.floats(tensor, sample)) {
          json.writeNumber(value);
        }
      }
      case SPIKES -> {
        for (long value : answer.spikes(sample)) {
          json.writeNumber(value);
        }
      }
      case ENERGY -> json.writeNumber(answer.picojoules(sample));
    }
  }

  private byte[] bytes(OutputTensor tensor) {
    long values = 1;
    for (long side : tensor.shape(answer.card(), answer.batch())) {
      values = Math.multiplyExact(values, side);
    }
    int size = tensor.datatype().equals("FP32") ? Float.BYTES : Long.BYTES;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(values * size)).order(ByteOrder.LITTLE_ENDIAN);
    for (int b = 0; b < answer.batch(); b++) {
      switch (tensor) {
        case LOGITS, PROBABILITIES -> {
          for (float value : answer.floats(tensor, b)) {
            bytes.putFloat(value);
          }
        }
        case SPIKES -> {
          for (long value : answer.spikes(b)) {
            bytes.putLong(value);
          }
        }
        case ENERGY -> bytes.putDouble(answer.picojoules(b));
      }
    }
    return bytes.array();
  }
}
