package spikemlp.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Topology;
import spikemlp.contract.card.WeightPrecision;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a trained network as an ONNX file that serves: input {@code images [B, 3, H, W]}, outputs
 * {@code logits [B, K]}, {@code spikes [B, L]} and, where the network has convolutions of spikes,
 * {@code windows [B, Q]}; the model card as JSON in {@code metadata_props}. The same weights and
 * card give the same bytes.
 */
public final class OnnxExporter {

  /** Protobuf's own bound on a message. */
  private static final long LARGEST = Integer.MAX_VALUE;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private OnnxExporter() {}

  /**
   * Writes the file as a whole or not at all: to a temporary file beside {@code target}, forced to
   * the disk, read back and proved multiplication-free, then renamed.
   *
   * @param weights parameters and running statistics by canonical name
   * @param card names the network, its input and its classes
   * @throws IllegalArgumentException if the weights are not those of the card's network; the
   *     message names the tensor
   * @throws NotMultiplicationFreeException if the graph multiplies beyond its first layer
   * @throws ExportException if the file cannot be written, for example on a full disk; what was at
   *     {@code target} before is still there
   */
  public static void export(Map<String, WeightTensor> weights, ModelCard card, Path target) {
    export(weights, card, WeightPrecision.FP32, target);
  }

  /**
   * The same with weights in a precision; 8-bit weights are rounded as {@link
   * spikemlp.network.SpikingMlp#quantised} rounds them.
   */
  public static void export(
      Map<String, WeightTensor> weights, ModelCard card, WeightPrecision precision, Path target) {
    if (!card.topology().equals(Topology.of(card.network()))) {
      throw new IllegalArgumentException(
          "the card's topology is not that of its network; make the card with ModelCard.of");
    }
    Map<String, String> metadata = new HashMap<>();
    metadata.put(ModelCard.METADATA_KEY, JSON.writeValueAsString(card));
    metadata.put(WeightPrecision.METADATA_KEY, precision.label());
    ProtoMessage model = OnnxFile.encode(NetworkGraph.of(weights, card, precision, metadata));
    if (model.length() > LARGEST) {
      throw new IllegalArgumentException(
          "the model would take " + model.length() + " bytes; an ONNX file holds " + LARGEST);
    }
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException("'" + target + "' is not the name of a file");
    }
    try {
      Path temporary = Files.createTempFile(directory, "." + target.getFileName(), ".tmp");
      try {
        writeThrough(model, temporary, target);
        forceDirectory(directory);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw unwritable(model, target, e);
    }
  }

  /** Writes to {@code temporary}, proves what is there, then renames it. */
  static void writeThrough(ProtoMessage model, Path temporary, Path target) {
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        model.writeTo(channel);
        channel.force(true);
      }
      MultiplicationFreeCheck.require(OnnxFile.read(temporary));
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(model, target, e);
    }
  }

  private static ExportException unwritable(ProtoMessage model, Path target, IOException e) {
    return new ExportException(
        target,
        "cannot be written: "
            + e.getClass().getSimpleName()
            + " "
            + e.getMessage()
            + "; is there space for "
            + model.length()
            + " bytes, and may it be written?",
        e);
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
