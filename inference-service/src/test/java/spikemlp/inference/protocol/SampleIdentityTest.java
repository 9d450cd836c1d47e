package spikemlp.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxExporter;
import spikemlp.inference.fixture.GoldenNetwork;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.inference.protocol.TritonHttpClient.Input;
import spikemlp.inference.protocol.TritonHttpClient.Result;
import spikemlp.security.Scope;

/**
 * A trained network over HTTP: each image alone, then all of them in requests of any size that are
 * batched with one another. 10,000 images: {@code -Dspikemlp.test.images=10000}.
 */
@Timeout(900)
class SampleIdentityTest {

  private static final int IMAGES = Integer.getInteger("spikemlp.test.images", 120);
  private static final int CALLERS = 16;
  private static final int MOST_IN_A_REQUEST = 20;
  private static final List<String> OUTPUTS = List.of("logits", "spikes", "energy_pj");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aSamplesOutputsAreTheSameBitsAloneAndInAnyBatch(WeightPrecision precision) throws Exception {
    SafetensorsFile golden = GoldenNetwork.named("spe-default");
    NetworkConfig network = GoldenNetwork.config(golden);
    ModelCard card = TinyModel.card(network);
    Map<WeightPrecision, byte[]> files = new EnumMap<>(WeightPrecision.class);
    for (WeightPrecision one : WeightPrecision.values()) {
      Path file = directory.resolve(one.label() + ".onnx");
      OnnxExporter.export(GoldenNetwork.weights(golden), card, one, file);
      files.put(one, Files.readAllBytes(file));
    }
    try (RegistryFixture registry = new RegistryFixture()) {
      byte[] fp32 = files.get(WeightPrecision.FP32);
      byte[] int8 = files.get(WeightPrecision.INT8);
      registry.point("net", registry.add("net", 1, card, fp32, int8, 0.9));
      try (RunningInference service =
              new RunningInference(
                  directory, registry.url(), "--spikemlp.inference.resolved-for=10s");
          TritonHttpClient client =
              new TritonHttpClient(
                  service.base(),
                  service
                      .tokens()
                      .mint("client", Set.of(Scope.INFER, Scope.READ), Duration.ofHours(1)));
          ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
        Images images = new Images(client, precision, network);
        List<Map<String, double[]>> alone = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
          alone.add(rows(images.infer(i, 1)).getFirst());
        }
        assertThat(alone.get(0).get("spikes")).isNotEqualTo(alone.get(1).get("spikes"));
        List<Future<Integer>> answers = new ArrayList<>();
        Random random = new Random(4);
        for (int from = 0; from < IMAGES; ) {
          int first = from;
          int count = Math.min(IMAGES - from, 1 + random.nextInt(MOST_IN_A_REQUEST));
          answers.add(callers.submit(() -> compared(images.infer(first, count), first, alone)));
          from += count;
        }
        int largest = 0;
        for (Future<Integer> answer : answers) {
          largest = Math.max(largest, answer.get(600, TimeUnit.SECONDS));
        }
        System.out.printf(
            "%s: %d images in %d requests, runs of up to %d%n",
            precision.label(), IMAGES, answers.size(), largest);
        int most = client.modelMetadata("net", "").at("/parameters/max_batch").asInt();
        assertThat(largest).isPositive();
        assertThat(most).isPositive();
      }
    }
  }

  private static int compared(Result result, int first, List<Map<String, double[]>> alone) {
    List<Map<String, double[]>> rows = rows(result);
    for (int b = 0; b < rows.size(); b++) {
      for (String output : OUTPUTS) {
        assertThat(rows.get(b).get(output))
            .as("%s of image %d", output, first + b)
            .isEqualTo(alone.get(first + b).get(output));
      }
    }
    return result.json().at("/parameters/largest_batch").asInt();
  }

  /** Each sample's row of each output. */
  private static List<Map<String, double[]>> rows(Result result) {
    int samples = result.output("logits").at("/shape/0").asInt();
    List<Map<String, double[]>> rows = new ArrayList<>();
    for (int b = 0; b < samples; b++) {
      Map<String, double[]> row = new HashMap<>();
      for (String output : OUTPUTS) {
        double[] all = result.values(output);
        int width = all.length / samples;
        row.put(output, Arrays.copyOfRange(all, b * width, (b + 1) * width));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Drawn images, each by its number. */
  private record Images(TritonHttpClient client, WeightPrecision precision, NetworkConfig network) {

    Result infer(int first, int count) throws Exception {
      int size = 3 * network.imageHeight() * network.imageWidth();
      float[] values = new float[count * size];
      for (int b = 0; b < count; b++) {
        Random random = new Random(1000L + first + b);
        for (int i = 0; i < size; i++) {
          values[b * size + i] = (float) random.nextGaussian();
        }
      }
      List<Long> shape =
          List.of((long) count, 3L, (long) network.imageHeight(), (long) network.imageWidth());
      return client.infer(
          "net",
          "",
          "",
          List.of(Input.fp32("images", shape, values, true)),
          List.of(),
          Map.of("precision", precision.label()));
    }
  }
}
