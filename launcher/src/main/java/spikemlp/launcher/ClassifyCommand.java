package spikemlp.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.registry.ModelReference;
import spikemlp.security.PlatformKey;
import spikemlp.security.Scope;

@Command(
    name = "classify",
    description = "Classifies pictures on a running platform and shows what they cost.")
final class ClassifyCommand implements Callable<Integer> {

  private static final String DEFAULT_URL = "http://127.0.0.1:8080";

  @Mixin private final HomeOptions common = new HomeOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "NAME, NAME@ALIAS or NAME:VERSION.")
  private String model = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The platform (the one running in the home, or " + DEFAULT_URL + ").")
  private @Nullable URI url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "An access token (one is made with the home's key).")
  private @Nullable String token;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "JPEG or PNG files.")
  private final List<Path> images = new ArrayList<>();

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    ModelReference reference = ModelReference.parse(model);
    Home home = common.home();
    URI base = url == null ? URI.create(home.runningUrl().orElse(DEFAULT_URL)) : url;
    List<ClassifiedPicture> answers = new ArrayList<>();
    Map<String, String> failures = new TreeMap<>();
    try (Api api = new Api(base, bearer(home))) {
      for (Path image : images) {
        try {
          answers.add(classify(api, reference, image));
        } catch (IOException e) {
          failures.put(image.toString(), "cannot be read: " + Home.reason(e));
        } catch (ApiException e) {
          if (e.status() != 400 && e.status() != 413 && e.status() != 415 && e.status() != 422) {
            throw e; // not the picture's fault
          }
          failures.put(image.toString(), String.valueOf(e.getMessage()));
        }
      }
    }
    if (!answers.isEmpty()) {
      ClassifiedPicture.table(answers).forEach(SpikeMlp.terminal(spec)::line);
    }
    failures.forEach((image, reason) ->
        spec.commandLine().getErr().println("spikemlp: " + image + ": " + reason));
    common.write(Map.of("classifications", answers, "failures", failures));
    return failures.isEmpty() ? 0 : SpikeMlp.FAILURE;
  }

  private Supplier<String> bearer(Home home) {
    if (token != null) {
      String given = token;
      return () -> given;
    }
    if (!Files.exists(home.keys().resolve(PlatformKey.FILE_NAME))) {
      throw new LauncherException(
          "the home "
              + home.root()
              + " has no key to make a token with; give one with --token, or the home with --home");
    }
    return () ->
        Platform.tokens(home).mint("classify", EnumSet.of(Scope.INFER), Duration.ofMinutes(10));
  }

  private static ClassifiedPicture classify(Api api, ModelReference reference, Path image)
      throws IOException {
    byte[] bytes = Files.readAllBytes(image);
    boolean png = bytes.length > 1 && (bytes[0] & 0xff) == 0x89 && bytes[1] == 'P';
    return new ClassifiedPicture(
        String.valueOf(image.getFileName()),
        null,
        api.post(
            "/api/v1/classify/" + reference + "?topK=5",
            png ? "image/png" : "image/jpeg",
            bytes,
            Classification.class));
  }
}
