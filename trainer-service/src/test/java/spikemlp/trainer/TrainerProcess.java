package spikemlp.trainer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import spikemlp.postgres.TestDatabase;

/** A trainer in a process of its own, which can be killed as kill -9 kills, and paused. */
public final class TrainerProcess implements AutoCloseable {

  private final Process process;

  private TrainerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one on a free port; its output goes to {@code killed.log} in the home.
   *
   * @param options of the Java machine
   */
  public static TrainerProcess start(
      TestDatabase database, Path home, List<String> options, String... settings)
      throws IOException {
    return start(database, home, 0, options, settings);
  }

  /** Starts one on that port. */
  public static TrainerProcess start(
      TestDatabase database, Path home, int port, List<String> options, String... settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-Xmx512m"));
    command.addAll(options);
    command.add(TrainerApplication.class.getName());
    command.addAll(RunningTrainer.arguments(database.jdbcUrl(), database, home, settings));
    command.replaceAll(
        argument -> argument.equals("--server.port=0") ? "--server.port=" + port : argument);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return new TrainerProcess(
        process
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(home.toFile(), "killed.log")))
            .start());
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it at once; waits for the end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
