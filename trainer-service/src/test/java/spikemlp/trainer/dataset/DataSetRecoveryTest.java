package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.trainer.dataset.Archives.PATH;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.Scope;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.TrainerProcess;

/** What a trainer that was killed in the middle of an upload leaves, and who removes it. */
class DataSetRecoveryTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path home;

  @Test
  void anUploadWhoseTrainerIsKilledIsRemovedByTheNextAndDataSetsAreKept() throws Exception {
    Path directory = home.resolve("work/datasets");
    try (TestDatabase database = TestDatabase.create("trainer")) {
      String token;
      String kept;
      try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
        token = trainer.token(Scope.TRAIN);
        kept =
            trainer
                .upload(PATH + "?name=kept", Archives.cats(3).bytes())
                .body()
                .get("id")
                .asString();
      }
      assertThat(children(directory.resolve("uploads"))).isEmpty();

      Path part = killedInMidUpload(database, token);
      assertThat(part).exists();
      Path orphan = Files.writeString(directory.resolve(UUID.randomUUID() + ".zip"), "orphan");
      Path foreign = Files.writeString(directory.resolve("photos.zip"), "somebody's own");
      Path living = Files.createDirectory(directory.resolve("uploads/" + UUID.randomUUID()));
      Path under = Files.writeString(living.resolve("under-way.part"), "another trainer's");

      try (FileChannel channel =
              FileChannel.open(
                  living.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock();
          RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
        assertThat(lock.isValid()).isTrue();
        assertThat(part.getParent()).doesNotExist();
        assertThat(orphan).doesNotExist();
        assertThat(foreign).exists();
        assertThat(under).exists();
        assertThat(directory.resolve(kept + ".zip")).exists();
        assertThat(trainer.get(PATH + "/" + kept + "/preview").body().get("items")).hasSize(6);
      }
    }
  }

  /** A trainer of its own process, killed while an upload is under way; the file it wrote to. */
  private Path killedInMidUpload(TestDatabase database, String token) throws Exception {
    int port = freePort();
    try (TrainerProcess process =
        TrainerProcess.start(database, home, port, List.of(), "workers=0")) {
      Awaitility.await("the trainer")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
          });
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        String head =
            "POST "
                + PATH
                + "?name=cut HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/zip\r\n"
                + "Content-Length: 1000000\r\nAuthorization: Bearer "
                + token
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(new byte[1000]);
        socket.getOutputStream().flush();
        Path part =
            Awaitility.await("the upload's file")
                .atMost(PATIENCE)
                .until(
                    () ->
                        Archives.files(home).stream()
                            .filter(file -> file.toString().endsWith(".part"))
                            .toList(),
                    found -> found.size() == 1 && process.isAlive())
                .getFirst();
        // While the client still sends: an upload whose client has gone is removed by the trainer.
        process.kill();
        return part;
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }
}
