package spikemlp.benchmark.train;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import spikemlp.benchmark.ProcessMemory;
import tools.jackson.databind.json.JsonMapper;

/** A worker's process as the driver sees it. Ends it when closed. Used by one thread. */
final class WorkerProcess implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String REPLY = "{\"reply\":";
  private static final int LOG_LINES = 15;
  private static final int PATIENCE_SECONDS = 10;

  private final Contestant contestant;
  private final Path log;
  private final Process process;
  private final BufferedReader replies;
  private final BufferedWriter requests;
  private final Reply.Ready ready;

  /**
   * Starts a worker and waits until it is ready.
   *
   * @param log where its standard error goes
   * @throws WorkerException if it does not start
   */
  WorkerProcess(Contestant contestant, Path log) {
    this.contestant = contestant;
    this.log = log;
    ProcessBuilder builder = new ProcessBuilder(contestant.command());
    builder.environment().putAll(contestant.environment());
    builder.redirectError(log.toFile());
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new WorkerException(contestant.name() + " does not start: " + e.getMessage(), e);
    }
    this.replies = process.inputReader(StandardCharsets.UTF_8);
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    try {
      this.ready = expect(Reply.Ready.class, read());
    } catch (WorkerException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** What the worker said of itself. */
  Reply.Ready ready() {
    return ready;
  }

  void load(Request.Load load) {
    expect(Reply.Done.class, ask(load));
  }

  void gradients(Path file) {
    expect(Reply.Done.class, ask(new Request.Gradients(file.toString())));
  }

  /** Runs a task {@code times} times. */
  Reply.Times run(Task task, int times) {
    Request request =
        switch (task) {
          case TRAIN -> new Request.Train(times);
          case EVALUATE -> new Request.Evaluate(times);
        };
    return expect(Reply.Times.class, ask(request));
  }

  ProcessMemory memory() {
    return expect(Reply.MemoryUse.class, ask(new Request.Memory())).process();
  }

  private Reply ask(Request request) {
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw new WorkerException(contestant.name() + " is gone" + lastOfLog(), e);
    }
    return read();
  }

  /** The next reply. Other lines, such as a thread dump, are passed over. */
  private Reply read() {
    try {
      String line = replies.readLine();
      while (line != null && !line.startsWith(REPLY)) {
        line = replies.readLine();
      }
      if (line == null) {
        throw new WorkerException(contestant.name() + " ended without an answer" + lastOfLog());
      }
      return JSON.readValue(line, Reply.class);
    } catch (IOException e) {
      throw new WorkerException(contestant.name() + " is gone" + lastOfLog(), e);
    }
  }

  private <R extends Reply> R expect(Class<R> type, Reply reply) {
    if (reply instanceof Reply.Failed failed) {
      throw new WorkerException(contestant.name() + ": " + failed.message());
    }
    if (!type.isInstance(reply)) {
      throw new WorkerException(contestant.name() + " answered " + reply);
    }
    return type.cast(reply);
  }

  private String lastOfLog() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      int from = Math.max(0, lines.size() - LOG_LINES);
      return "; the last it said:\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "; its log " + log + " cannot be read";
    }
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        ask(new Request.Quit());
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (WorkerException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
