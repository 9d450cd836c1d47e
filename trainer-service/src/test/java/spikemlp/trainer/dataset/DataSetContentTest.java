package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.problem.ProblemException;

class DataSetContentTest {

  private static final String BAD = "pets/cats/a: b.png";

  @TempDir Path home;

  @Test
  void aBadPictureIsNamedAsInTheArchiveWhateverItsNameHolds() throws Exception {
    assertThat(read(1).badImages()).extracting(BadImage::path).containsExactly(BAD);
    assertThat(read(1).badImages().getFirst().reason()).startsWith("2 bytes that begin with 01 02");
  }

  @Test
  void moreBadPicturesThanTheSettingAllowsAreRefusedWithTheirList() {
    assertThatThrownBy(() -> read(0))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("1 of 13 pictures")
        .extracting(e -> ((ProblemException) e).properties().get("badImages"))
        .asInstanceOf(InstanceOfAssertFactories.list(BadImage.class))
        .extracting(BadImage::path)
        .containsExactly(BAD);
  }

  private DataSetContent read(int maxBadImages) throws Exception {
    Path archive = home.resolve("archive.zip");
    Files.write(archive, Archives.cats(6).file(BAD, new byte[] {1, 2}).bytes());
    List<ZipMember> members = CentralDirectory.read(archive, 100);
    return DataSetContent.read(archive, members, "pets", maxBadImages);
  }
}
