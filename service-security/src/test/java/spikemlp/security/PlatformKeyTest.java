package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformKeyTest {

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve(PlatformKey.FILE_NAME);
  }

  @Test
  void theKeyIsKeptAndOnlyItsOwnerMayReadIt() throws Exception {
    PlatformKey made = PlatformKey.loadOrCreate(directory.resolve("deep/er"));
    PlatformKey again = PlatformKey.loadOrCreate(directory.resolve("deep/er"));

    assertThat(again.privateKey()).isEqualTo(made.privateKey());
    Path file = directory.resolve("deep/er").resolve(PlatformKey.FILE_NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(made.publicKey().isPrivate()).isFalse();
    assertThat(made.toString()).doesNotContain(made.privateKey().getD().toString());
  }

  @Test
  void ofManyWhoRaceAllGetOneKeyAndNothingElseIsLeft() throws Exception {
    int racers = 16;
    CyclicBarrier line = new CyclicBarrier(racers);
    Set<Object> keys = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
      Callable<PlatformKey> racer =
          () -> {
            line.await();
            return PlatformKey.loadOrCreate(directory);
          };
      List<Future<PlatformKey>> all =
          IntStream.range(0, racers).mapToObj(i -> threads.submit(racer)).toList();
      for (Future<PlatformKey> one : all) {
        keys.add(one.get().privateKey());
      }
    }

    assertThat(keys).hasSize(1);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws Exception {
    PlatformKey.loadOrCreate(directory);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> PlatformKey.loadOrCreate(directory))
        .isInstanceOf(PlatformKeyException.class)
        .hasMessageContaining("rw-r--r--")
        .hasMessageContaining("chmod 600 " + file());
  }

  @Test
  void aDamagedKeyIsNamedAndNotReplaced() throws Exception {
    PlatformKey.loadOrCreate(directory);
    Files.writeString(file(), "{\"kty\":");

    assertThatThrownBy(() -> PlatformKey.loadOrCreate(directory))
        .isInstanceOf(PlatformKeyException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining("not a JSON Web Key");
    assertThat(Files.readString(file())).isEqualTo("{\"kty\":");
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws Exception {
    Path occupied = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> PlatformKey.loadOrCreate(occupied))
        .isInstanceOf(PlatformKeyException.class)
        .hasMessageContaining(occupied.toString());
  }
}
