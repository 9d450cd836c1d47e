package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationContext;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.NetworkSpec;
import spikemlp.contract.job.StartSpec;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobPage;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.job.TrainingSpec;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.VersionState;
import spikemlp.data.DataSources;
import spikemlp.data.ImageDataSet;
import spikemlp.security.Scope;

/** The platform whole: real PostgreSQL, real training, real ONNX Runtime, over its front door. */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlatformTest {

  private static final NetworkSpec TINY =
      new NetworkSpec(
          null, null, null, 8, 6, List.of(1, 1), 2, null, null, 2, null, null, null, null);
  private static final TrainingSpec SHORT =
      new TrainingSpec(1, 20, null, null, null, null, null, null, null, null);

  private static final BlockingQueue<String> NOTICES = new LinkedBlockingQueue<>();

  @TempDir private static Path folder;
  private static Platform platform;
  private static Api api;

  @BeforeAll
  static void start() {
    SpikeMlp.configureLogging();
    platform = new Platform(new Home(folder.resolve("home")), NOTICES::add);
    platform.start(0, List.of());
    api = platform.api();
  }

  @AfterAll
  static void stop() {
    api.close();
    platform.close();
  }

  @Test
  @Order(1)
  void aSubmittedJobBecomesAModelThatClassifiesWithItsEnergy() {
    StringWriter shown = new StringWriter();
    Training training = new Training(api, new Terminal(new PrintWriter(shown), false));

    TrainingJob job =
        training.run(
            new TrainingJobRequest("tiny", new DataSetSpec("digits", null, 200, 40), TINY, SHORT));
    ModelVersion version = training.promote(job);

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.curve()).hasSize(1);
    assertThat(job.secondsByStep()).containsKeys("train", "export", "register");
    assertThat(shown.toString()).contains("training").contains("epoch  1").contains("tiny:1");
    assertThat(version.state()).isEqualTo(VersionState.READY);
    assertThat(version.proof().passed()).isTrue();
    assertThat(version.aliases()).contains("champion");
    ImageDataSet digits =
        DataSources.digits(10, 10, 99).load(32, 32, InputSpec.Fit.COVER, 99).test();
    Classification answer =
        api.post(
            "/api/v1/classify/tiny@champion?topK=10",
            "image/png",
            digits.png(0),
            Classification.class);
    assertThat(answer.model()).isEqualTo("tiny");
    assertThat(answer.version()).isEqualTo(1);
    assertThat(answer.predictions()).hasSize(10);
    assertThat(answer.predictions().stream().mapToDouble(p -> p.probability()).sum())
        .isBetween(0.999, 1.001);
    assertThat(answer.energy().model()).isEqualTo(EnergyModel.HOROWITZ_45NM);
    assertThat(answer.energy().picojoules())
        .isEqualTo(EnergyModel.HOROWITZ_45NM.picojoules(answer.energy().operations()));
    assertThat(answer.energy().spikes()).isPositive();
    assertThat(answer.energy().operations().macs())
        .isEqualTo(version.card().topology().firstLayerMacs());
  }

  @Test
  @Order(2)
  void aJobGoesOnFromTheChampionAtMoreTimeStepsAndItsVersionTellsItsParent() {
    NetworkSpec longer =
        new NetworkSpec(
            null, null, null, null, null, null, null, null, null, 4, null, null, null, null);
    ModelVersion parent = api.get("/api/v1/resolve?model=tiny@champion", ModelVersion.class);
    StringWriter shown = new StringWriter();
    Training training = new Training(api, new Terminal(new PrintWriter(shown), false));

    TrainingJob job =
        training.run(
            new TrainingJobRequest(
                "longer",
                new DataSetSpec("digits", null, 200, 40),
                longer,
                SHORT,
                new StartSpec("tiny", "champion", null, StartMode.INHERIT)));
    ModelVersion version = training.promote(job);

    assertThat(version.state()).isEqualTo(VersionState.READY);
    assertThat(version.card().network()).isEqualTo(parent.card().network().withTimeSteps(4));
    assertThat(version.card().provenance().parent())
        .isEqualTo(
            new Parent(
                "tiny",
                1,
                parent.artifacts().get("checkpoint.safetensors").sha256(),
                StartMode.INHERIT,
                2));
    assertThat(shown.toString()).contains("from tiny:1 (time inheritance T 2 → 4)");
  }

  @Test
  @Order(2)
  void aJobThatCannotBeIsRefusedWithEveryReason() {
    NetworkSpec wrong =
        new NetworkSpec(
            null, null, null, null, null, null, null, null, null, 0, 0.5, null, null, null);

    assertThatThrownBy(() ->
            api.post(
                "/api/v1/training-jobs",
                new TrainingJobRequest("tiny", DataSetSpec.digits(), wrong, null),
                TrainingJob.class))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("timeSteps")
        .hasMessageContaining("tau");
  }

  @Test
  @Order(3)
  void everyServiceIsClosedBehindTheFrontDoor() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String path :
          List.of("/api/v1/training-jobs", "/api/v1/models", "/api/v1/served-models")) {
        assertThat(status(client, path, null)).as(path).isEqualTo(401);
        assertThat(
                status(
                    client,
                    path,
                    platform.token("x", EnumSet.of(Scope.PROMOTE), Duration.ofMinutes(1))))
            .as(path)
            .isEqualTo(403);
      }
      assertThat(status(client, "/", null)).isEqualTo(200);
    }
  }

  private static int status(HttpClient client, String path, @Nullable String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(platform.url().resolve(path)).timeout(Duration.ofSeconds(20));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  @Order(4)
  void noServiceHasTheOthersBeans() {
    Map<String, ? extends ApplicationContext> contexts = platform.contexts();

    assertThat(contexts).containsOnlyKeys("registry", "inference", "trainer", "frontdoor");
    for (String without : List.of("inference", "frontdoor")) {
      ApplicationContext context = contexts.get(without);
      assertThat(context.getBeansOfType(DataSource.class)).as(without).isEmpty();
      lacks(context, without, "org.flywaydb.");
      lacks(context, without, "org.springframework.jdbc.");
    }
    for (String without : List.of("inference", "frontdoor", "registry")) {
      lacks(contexts.get(without), without, "org.springframework.batch.");
      lacks(contexts.get(without), without, "org.springframework.boot.batch.");
    }
    for (String without : List.of("inference", "registry", "trainer")) {
      lacks(contexts.get(without), without, "org.springframework.cloud.gateway.");
      lacks(contexts.get(without), without, "spikemlp.frontdoor.");
    }
    lacks(contexts.get("frontdoor"), "frontdoor", "org.springframework.security.");
    lacks(contexts.get("registry"), "registry", "spikemlp.trainer.");
    lacks(contexts.get("trainer"), "trainer", "spikemlp.registry.");
    lacks(contexts.get("inference"), "inference", "spikemlp.registry.");
  }

  private static void lacks(ApplicationContext context, String name, String prefix) {
    for (String bean : context.getBeanDefinitionNames()) {
      Class<?> type = context.getType(bean);
      assertThat(type == null ? "" : type.getName())
          .as("bean %s of %s", bean, name)
          .doesNotStartWith(prefix);
    }
  }

  @Test
  @Order(5)
  void aHomeInUseAndAPortInUseAreNamed() {
    URI url = platform.url();

    assertThatThrownBy(() -> new Platform(platform.home(), NOTICES::add).start(0, List.of()))
        .isInstanceOf(LauncherException.class)
        .hasMessageContaining("in use by a running SpikeMLP")
        .hasMessageContaining(url.toString())
        .hasMessageContaining("--home");
    assertThatThrownBy(() ->
            new Platform(new Home(folder.resolve("other")), NOTICES::add)
                .start(url.getPort(), List.of()))
        .isInstanceOf(LauncherException.class)
        .hasMessageContaining("port " + url.getPort())
        .hasMessageContaining("--port");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  @Order(6)
  void aKilledPostgresIsUpAgainAndThePlatformWithIt() throws Exception {
    Path pid = folder.resolve("home/postgres/data/postmaster.pid");
    long postgres = Long.parseLong(Files.readAllLines(pid).getFirst().strip());

    ProcessHandle.of(postgres).orElseThrow().destroyForcibly();

    assertThat(NOTICES.poll(60, TimeUnit.SECONDS))
        .startsWith("PostgreSQL ended unexpectedly (exit 137); it is up again on 127.0.0.1:");
    assertThat(repeated("/api/v1/resolve?model=tiny@champion", ModelVersion.class).version())
        .isEqualTo(1);
    assertThat(repeated("/api/v1/training-jobs", TrainingJobPage.class).items()).hasSize(2);
  }

  /** As a client repeats what met a connection that had ended with PostgreSQL. */
  private static <T> T repeated(String path, Class<T> type) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        return api.get(path, type);
      } catch (ApiException e) {
        if (e.status() != 503 || System.nanoTime() > until) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }

  private static void restart(List<Path> dataRoots) {
    api.close();
    platform.close();
    platform = new Platform(new Home(folder.resolve("home")), NOTICES::add);
    platform.start(0, dataRoots);
    api = platform.api();
  }

  @Test
  @Order(7)
  void afterARestartTheModelIsStillThere() {
    restart(List.of());

    ModelVersion version = api.get("/api/v1/resolve?model=tiny@champion", ModelVersion.class);

    assertThat(version.version()).isEqualTo(1);
  }

  @Test
  @Order(8)
  void aJobGoesOnAfterARestartAndIsFollowedByTheSameRequest() throws Exception {
    Path pictures = pictures();
    restart(List.of(pictures));
    TrainingJobRequest request =
        new TrainingJobRequest(
            "pictures",
            DataSetSpec.at(pictures.toString()),
            TINY,
            new TrainingSpec(200, 20, null, null, null, null, null, null, null, null));
    TrainingJob begun = api.post("/api/v1/training-jobs", request, TrainingJob.class);
    String path = "/api/v1/training-jobs/" + begun.id();
    for (TrainingJob seen = begun;
        seen.progress().batch() == 0;
        seen = api.get(path, TrainingJob.class)) {
      assertThat(seen.state().ended()).as("ended as %s", seen).isFalse();
      Thread.sleep(100);
    }

    restart(List.of()); // as another command would, which knows nothing of the pictures
    assertThat(api.get(path, TrainingJob.class).state().ended()).as("still to do").isFalse();
    StringWriter shown = new StringWriter();
    TrainingJob job = new Training(api, new Terminal(new PrintWriter(shown), false)).run(request);

    assertThat(job.id()).isEqualTo(begun.id());
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(shown.toString()).contains("Going on with pictures");
  }

  private static Path pictures() throws IOException {
    Path root = Files.createDirectories(folder.resolve("pictures")).toRealPath();
    ImageDataSet digits =
        DataSources.digits(60, 10, 3).load(32, 32, InputSpec.Fit.COVER, 3).train();
    for (int i = 0; i < digits.size(); i++) {
      Path label = Files.createDirectories(root.resolve(digits.labels().get(digits.label(i))));
      Files.write(label.resolve(i + ".png"), digits.png(i));
    }
    return root;
  }
}
