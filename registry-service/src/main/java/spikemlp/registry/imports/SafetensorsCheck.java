package spikemlp.registry.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.network.NetworkConfig;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the header of a safetensors checkpoint that comes from elsewhere and collects what stands
 * against it: tensors missing, unknown, of another type or size than the network's, or outside the
 * file. The format is described at https://github.com/huggingface/safetensors#format.
 */
final class SafetensorsCheck {

  private static final int MOST_HEADER_BYTES = 10 << 20;
  private static final int MOST_PROBLEMS = 20;
  private static final String METADATA = "__metadata__";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private SafetensorsCheck() {}

  /**
   * Checks a file.
   *
   * @param size its bytes
   * @return what is wrong, in words; empty if the file may be taken
   * @throws IOException if it cannot be read, or is no safetensors file; the message says why
   */
  static List<String> check(InputStream file, long size, NetworkConfig network) throws IOException {
    byte[] first = file.readNBytes(Long.BYTES);
    long header =
        first.length < Long.BYTES
            ? -1
            : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (header < 2 || header > MOST_HEADER_BYTES || header > size - Long.BYTES) {
      throw new IOException(
          "its header should have "
              + header
              + " bytes, the file has "
              + size
              + "; at most "
              + MOST_HEADER_BYTES
              + " are taken");
    }
    JsonNode tensors;
    try {
      tensors = JSON.readTree(file.readNBytes((int) header));
    } catch (JacksonException e) {
      throw new IOException("its header is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!tensors.isObject()) {
      throw new IOException("its header is no JSON object");
    }
    return problems(tensors, size - Long.BYTES - header, expected(network));
  }

  /** How many numbers each weight and running statistic has, by canonical name. */
  static Map<String, Long> expected(NetworkConfig network) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (ProductShape product : ProductShape.of(network)) {
      String name = product.name();
      if (name.equals(ProductShape.CLASSIFIER)) {
        numbers.put(name + ".weight", product.weights());
        numbers.put(name + ".bias", product.features());
        continue;
      }
      String stem = name.endsWith(".conv") ? name.substring(0, name.length() - 5) : name;
      numbers.put(stem + (product.convolution() ? ".conv" : ".fc") + ".weight", product.weights());
      for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
        numbers.put(stem + ".bn." + part, product.features());
      }
    }
    return numbers;
  }

  private static List<String> problems(
      JsonNode tensors, long dataBytes, Map<String, Long> expected) {
    List<String> problems = new ArrayList<>();
    for (String name : expected.keySet()) {
      if (!tensors.has(name)) {
        problems.add("it lacks '" + name + "'");
      }
    }
    for (Map.Entry<String, JsonNode> entry : tensors.properties()) {
      String name = entry.getKey();
      if (!name.equals(METADATA)) {
        tensor(name, entry.getValue(), dataBytes, expected, problems);
      }
    }
    return problems.stream().limit(MOST_PROBLEMS).toList();
  }

  private static void tensor(
      String name,
      JsonNode node,
      long dataBytes,
      Map<String, Long> expected,
      List<String> problems) {
    Long wanted = expected.get(name);
    if (wanted == null && !name.startsWith("optimizer.") && !name.startsWith("ema.")) {
      problems.add("'" + name + "' is no weight of the card's network");
      return;
    }
    double numbers = 1;
    for (JsonNode axis : node.path("shape")) {
      numbers *= axis.asDouble(-1);
    }
    if (!node.path("dtype").asString("").equals("F32")) {
      problems.add("'" + name + "' has type " + node.path("dtype") + ", not F32");
    } else if (wanted != null && numbers != wanted.doubleValue()) {
      problems.add(
          "'"
              + name
              + "' has shape "
              + node.path("shape")
              + ", which is not "
              + wanted
              + " numbers");
    }
    long from = node.path("data_offsets").path(0).asLong(-1);
    long to = node.path("data_offsets").path(1).asLong(-1);
    if (from < 0 || to > dataBytes || to - from != numbers * Float.BYTES) {
      problems.add(
          "'"
              + name
              + "' lies at "
              + node.path("data_offsets")
              + ", which is not its place in "
              + dataBytes
              + " bytes of values");
    }
  }
}
