package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataRootsTest {

  @TempDir private Path folder;

  @Test
  void whatWasGivenOnceIsRememberedWhileItIsThere() throws Exception {
    Path file = folder.resolve("data-roots.json");
    Path first = Files.createDirectory(folder.resolve("first, \"quoted\""));
    Path second = Files.createDirectory(folder.resolve("second"));

    assertThat(DataRoots.with(file, List.of())).isEmpty();
    assertThat(DataRoots.with(file, List.of(first))).containsExactly(first);
    assertThat(DataRoots.with(file, List.of(second, first))).containsExactly(first, second);
    assertThat(DataRoots.with(file, List.of())).containsExactly(first, second);

    Files.delete(second);
    assertThat(DataRoots.with(file, List.of())).containsExactly(first);
    Files.createDirectory(second); // a disk that is there again
    assertThat(DataRoots.with(file, List.of())).containsExactly(first, second);
  }

  @Test
  void aFileThatIsNoListIsNamed() throws Exception {
    Path file = folder.resolve("data-roots.json");
    for (String text : List.of("", "{}", "[1, null]", "[\"a\\u0000b\"]")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> DataRoots.with(file, List.of()))
          .as(text)
          .isInstanceOf(LauncherException.class)
          .hasMessageContaining(file + " is not a JSON array of paths");
    }
  }
}
