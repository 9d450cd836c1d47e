package spikemlp.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.security.PlatformKeyException;
import spikemlp.security.Scope;

@Command(
    name = "token",
    description = "Prints an access token for the API, signed with the home's key.")
final class TokenCommand implements Callable<Integer> {

  private static final int MOST_DAYS = 3650;

  @Mixin private final HomeOptions common = new HomeOptions();

  @Option(
      names = "--scope",
      paramLabel = "SCOPES",
      defaultValue = "read,infer,train,promote",
      description = "Of read, infer, train, promote, admin (${DEFAULT-VALUE}).")
  private String scopes = "";

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long it is valid (${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      defaultValue = "owner",
      description = "Whom it is for (${DEFAULT-VALUE}).")
  private String subject = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    if (days < 1 || days > MOST_DAYS) {
      throw new LauncherException("--days is from 1 to " + MOST_DAYS + ", not " + days);
    }
    Set<Scope> wanted = Scope.parse(scopes);
    try {
      String token = Platform.tokens(common.home()).mint(subject, wanted, Duration.ofDays(days));
      spec.commandLine().getOut().println(token);
      spec.commandLine().getOut().flush();
      common.write(
          Map.of(
              "token", token,
              "scopes", wanted.stream().map(Scope::label).sorted().toList(),
              "expires", Instant.now().plus(Duration.ofDays(days)).toString()));
      return 0;
    } catch (PlatformKeyException e) {
      throw new LauncherException(String.valueOf(e.getMessage()), e);
    }
  }
}
