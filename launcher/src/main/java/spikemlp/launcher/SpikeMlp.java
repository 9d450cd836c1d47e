package spikemlp.launcher;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code spikemlp} command. Exit status 0 is success, 1 a failure, 2 a wrong command line. */
@Command(
    name = "spikemlp",
    description = "Trains, versions and serves spiking MLP networks.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      TrainCommand.class,
      StudyCommand.class,
      ClassifyCommand.class,
      EstimateCommand.class,
      TokenCommand.class,
      VerifyCommand.class,
      CheckVectorCommand.class
    })
public final class SpikeMlp {

  static final int FAILURE = 1;
  private static final String LOG_PROPERTY = "spikemlp.log.file";

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  SpikeMlp() {}

  public static void main(String[] arguments) {
    logToFile(arguments);
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, for {@code execute}. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new SpikeMlp());
    line.setExecutionExceptionHandler((failure, command, result) -> {
      LoggerFactory.getLogger(SpikeMlp.class).error("the command failed", failure);
      command.getErr().println("spikemlp: " + explain(failure));
      return FAILURE;
    });
    line.setUsageHelpAutoWidth(true);
    return line;
  }

  private static String explain(Exception failure) {
    if (failure instanceof LauncherException || failure instanceof IllegalArgumentException) {
      return String.valueOf(failure.getMessage());
    }
    return "this should not have happened: "
        + failure
        + "; the log "
        + System.getProperty(LOG_PROPERTY)
        + " has the details";
  }

  /** One log file for all services, below the home; the terminal stays for people. */
  private static void logToFile(String[] arguments) {
    Optional<Path> chosen = Optional.empty();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith("--home=")) {
        chosen = Optional.of(Path.of(arguments[i].substring("--home=".length())));
      } else if (arguments[i].equals("--home") && i + 1 < arguments.length) {
        chosen = Optional.of(Path.of(arguments[i + 1]));
      }
    }
    System.setProperty(LOG_PROPERTY, Home.of(chosen).logFile().toString());
    configureLogging();
  }

  /** Leaves logging to logback.xml alone: four contexts would configure it four times. */
  static void configureLogging() {
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    LogManager.getLogManager().reset();
    SLF4JBridgeHandler.install();
    Logger log = LoggerFactory.getLogger(SpikeMlp.class);
    log.debug("logging is set up");
  }

  static Terminal terminal(CommandLine.Model.CommandSpec spec) {
    PrintWriter out = spec.commandLine().getOut();
    return Terminal.of(out);
  }
}
