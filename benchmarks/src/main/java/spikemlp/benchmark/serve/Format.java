package spikemlp.benchmark.serve;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import tools.jackson.databind.json.JsonMapper;

/** How an image is sent: one image a request. */
enum Format {
  /** The Open Inference Protocol, the tensor as binary data. */
  BINARY,
  /** The Open Inference Protocol, the tensor as JSON numbers. */
  JSON,
  /** A picture file of 320×240, to be decoded, resized and normalised. */
  JPEG;

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int SEED = 2;

  /** A whole request as it goes over the wire. */
  byte[] request(ServedNetwork network, WeightPrecision precision, String token) {
    String authorization = "Authorization: Bearer " + token + "\r\n";
    String infer = "/v2/models/" + network.name() + "/infer";
    return switch (this) {
      case BINARY -> {
        byte[] tensor = littleEndian(network.image());
        byte[] head =
            head(network, precision, "parameters", Map.of("binary_data_size", tensor.length));
        String length = "Inference-Header-Content-Length: " + head.length + "\r\n";
        byte[] body =
            ByteBuffer.allocate(head.length + tensor.length).put(head).put(tensor).array();
        yield Connection.post(infer, authorization + length, body);
      }
      case JSON ->
          Connection.post(infer, authorization, head(network, precision, "data", network.image()));
      case JPEG ->
          Connection.post(
              "/api/v1/classify/" + network.name() + "?topK=1&precision=" + precision.label(),
              authorization + "Content-Type: image/jpeg\r\n",
              picture());
    };
  }

  private static byte[] head(
      ServedNetwork network, WeightPrecision precision, String key, Object value) {
    NetworkConfig config = network.config();
    Map<String, Object> images =
        Map.of(
            "name",
            "images",
            "datatype",
            "FP32",
            "shape",
            List.of(1, 3, config.imageHeight(), config.imageWidth()),
            key,
            value);
    Map<String, Object> logits =
        Map.of("name", "logits", "parameters", Map.of("binary_data", key.equals("parameters")));
    return MAPPER
        .writeValueAsString(
            Map.of(
                "inputs", List.of(images),
                "outputs", List.of(logits),
                "parameters", Map.of("precision", precision.label())))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] picture() {
    BufferedImage picture = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, Color.BLUE, 320, 240, Color.ORANGE));
    graphics.fillRect(0, 0, 320, 240);
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillOval(random.nextInt(320), random.nextInt(240), 24, 24);
    }
    graphics.dispose();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, "jpeg", jpeg)) {
        throw new IllegalStateException("this Java writes no JPEG");
      }
    } catch (IOException e) {
      throw new IllegalStateException("a picture in memory cannot be written", e);
    }
    return jpeg.toByteArray();
  }
}
