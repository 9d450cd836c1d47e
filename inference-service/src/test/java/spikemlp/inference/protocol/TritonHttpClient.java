package spikemlp.inference.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the Open Inference Protocol with the binary tensor extension, written from the
 * published specification alone: it knows nothing of this service but its address and a token. Like
 * Triton's own, it sends no content type, and asks for binary outputs where none are named.
 */
final class TritonHttpClient implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final String token;

  /** A server's answer other than 200. */
  static final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    ServerException(int status, String error) {
      super(error);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** An input tensor; binary data goes behind the JSON. */
  record Input(String name, String datatype, List<Long> shape, Object data, boolean binary) {

    static Input fp32(String name, List<Long> shape, float[] values, boolean binary) {
      if (!binary) {
        return new Input(name, "FP32", shape, values, false);
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (float value : values) {
        bytes.putFloat(value);
      }
      return new Input(name, "FP32", shape, bytes.array(), true);
    }

    /** Each element's length in four bytes, then its bytes. */
    static Input bytes(String name, List<byte[]> elements) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] element : elements) {
        all.writeBytes(
            ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(element.length)
                .array());
        all.writeBytes(element);
      }
      return new Input(name, "BYTES", List.of((long) elements.size()), all.toByteArray(), true);
    }

    private Map<String, Object> json() {
      Map<String, Object> tensor = new LinkedHashMap<>();
      tensor.put("name", name);
      tensor.put("shape", shape);
      tensor.put("datatype", datatype);
      if (binary) {
        tensor.put("parameters", Map.of("binary_data_size", ((byte[]) data).length));
      } else {
        tensor.put("data", data);
      }
      return tensor;
    }
  }

  /** An output that is asked for. */
  record RequestedOutput(String name, boolean binary) {}

  /** An answer: its JSON, and the binary data of each output that has some. */
  record Result(JsonNode json, Map<String, ByteBuffer> binary) {

    JsonNode output(String name) {
      for (JsonNode output : json.get("outputs")) {
        if (output.get("name").asString().equals(name)) {
          return output;
        }
      }
      throw new AssertionError("no output '" + name + "' in " + json);
    }

    double[] values(String name) {
      JsonNode output = output(name);
      if (!binary.containsKey(name)) {
        return output.get("data").valueStream().mapToDouble(JsonNode::asDouble).toArray();
      }
      ByteBuffer bytes = binary.get(name).duplicate().order(ByteOrder.LITTLE_ENDIAN);
      List<Double> values = new ArrayList<>();
      while (bytes.hasRemaining()) {
        values.add(
            switch (output.get("datatype").asString()) {
              case "FP32" -> (double) bytes.getFloat();
              case "FP64" -> bytes.getDouble();
              case "INT64" -> (double) bytes.getLong();
              default -> throw new AssertionError(output);
            });
      }
      return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  TritonHttpClient(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  boolean isServerLive() throws IOException, InterruptedException {
    return get("/v2/health/live").statusCode() == 200;
  }

  boolean isServerReady() throws IOException, InterruptedException {
    return get("/v2/health/ready").statusCode() == 200;
  }

  boolean isModelReady(String model, String version) throws IOException, InterruptedException {
    return get(path(model, version) + "/ready").statusCode() == 200;
  }

  JsonNode serverMetadata() throws IOException, InterruptedException {
    return json(get("/v2"));
  }

  JsonNode modelMetadata(String model, String version) throws IOException, InterruptedException {
    return json(get(path(model, version)));
  }

  JsonNode statistics(String model) throws IOException, InterruptedException {
    return json(get(path(model, "") + "/stats"));
  }

  JsonNode repositoryIndex(boolean ready) throws IOException, InterruptedException {
    return json(
        post("/v2/repository/index", JSON.writeValueAsBytes(Map.of("ready", ready)), Map.of()));
  }

  Result infer(String model, String version, String id, List<Input> inputs)
      throws IOException, InterruptedException {
    return infer(model, version, id, inputs, List.of(), Map.of());
  }

  Result infer(
      String model,
      String version,
      String id,
      List<Input> inputs,
      List<RequestedOutput> outputs,
      Map<String, Object> parameters)
      throws IOException, InterruptedException {
    Map<String, Object> request = new LinkedHashMap<>();
    if (!id.isEmpty()) {
      request.put("id", id);
    }
    request.put("inputs", inputs.stream().map(Input::json).toList());
    Map<String, Object> all = new LinkedHashMap<>(parameters);
    if (outputs.isEmpty()) {
      all.put("binary_data_output", true);
    } else {
      request.put(
          "outputs",
          outputs.stream()
              .map(output ->
                  Map.of(
                      "name", output.name(), "parameters", Map.of("binary_data", output.binary())))
              .toList());
    }
    if (!all.isEmpty()) {
      request.put("parameters", all);
    }
    byte[] head = JSON.writeValueAsBytes(request);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(head);
    boolean binary = false;
    for (Input input : inputs) {
      if (input.binary()) {
        body.writeBytes((byte[]) input.data());
        binary = true;
      }
    }
    return result(
        post(
            path(model, version) + "/infer",
            body.toByteArray(),
            binary
                ? Map.of("Inference-Header-Content-Length", Integer.toString(head.length))
                : Map.of()));
  }

  private static Result result(HttpResponse<byte[]> response) {
    requireOk(response);
    byte[] body = response.body();
    int head =
        response
            .headers()
            .firstValue("Inference-Header-Content-Length")
            .map(Integer::parseInt)
            .orElse(body.length);
    JsonNode json = JSON.readTree(new String(body, 0, head, StandardCharsets.UTF_8));
    Map<String, ByteBuffer> binary = new LinkedHashMap<>();
    int at = head;
    for (JsonNode output : json.get("outputs")) {
      JsonNode size = output.path("parameters").path("binary_data_size");
      if (!size.isMissingNode()) {
        binary.put(output.get("name").asString(), ByteBuffer.wrap(body, at, size.asInt()).slice());
        at += size.asInt();
      }
    }
    if (at != body.length) {
      throw new AssertionError((body.length - at) + " bytes are left over");
    }
    return new Result(json, binary);
  }

  private static String path(String model, String version) {
    return "/v2/models/" + model + (version.isEmpty() ? "" : "/versions/" + version);
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, byte[] body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    requireOk(response);
    return JSON.readTree(response.body());
  }

  private static void requireOk(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new ServerException(
          response.statusCode(), JSON.readTree(response.body()).get("error").asString());
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
