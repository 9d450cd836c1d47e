package spikemlp.registry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.PASSED;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;

@ExtendWith(RegistryExtension.class)
class ConcurrentRegistrationTest {

  private final RunningRegistry registry;

  ConcurrentRegistrationTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void twoHundredAtOnceGetConsecutiveNumbers() throws Exception {
    Map<String, Artifact> files = Map.of("model.onnx", registry.uploaded());
    List<HttpResponse<byte[]>> responses =
        together(200, i -> registered("contended", request("job-" + i, files, PASSED)));

    assertThat(responses).extracting(HttpResponse::statusCode).isSubsetOf(200, 201);
    assertThat(responses)
        .extracting(response -> json(response).path("version").asInt())
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
  }

  @Test
  void tenRetriesOfOneJobMakeOneVersion() throws Exception {
    Map<String, Artifact> files = Map.of("model.onnx", registry.uploaded());
    List<HttpResponse<byte[]>> responses =
        together(10, i -> registry.register("retried", request("the-job", files, PASSED)));

    assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200, 201);
    assertThat(responses).extracting(HttpResponse::statusCode).containsOnlyOnce(201);
    assertThat(responses)
        .extracting(response -> json(response).path("version").asInt())
        .containsOnly(1);
    assertThat(json(registry.get("/api/v1/models/retried/versions")).path("items")).hasSize(1);
  }

  /** Registers as callers are told to: again while the service has no connection to spare. */
  private HttpResponse<byte[]> registered(String model, RegisterVersionRequest request) {
    HttpResponse<byte[]> response = registry.register(model, request);
    for (int again = 0; response.statusCode() == 503 && again < 10; again++) {
      response = registry.register(model, request);
    }
    return response;
  }

  private static List<HttpResponse<byte[]>> together(
      int threads, IntFunction<HttpResponse<byte[]>> call) throws Exception {
    CountDownLatch ready = new CountDownLatch(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<HttpResponse<byte[]>>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int index = i;
        calls.add(
            executor.submit(() -> {
              ready.countDown();
              ready.await(30, TimeUnit.SECONDS);
              return call.apply(index);
            }));
      }
      List<HttpResponse<byte[]>> responses = new ArrayList<>();
      for (Future<HttpResponse<byte[]>> each : calls) {
        responses.add(each.get(60, TimeUnit.SECONDS));
      }
      return responses;
    }
  }
}
