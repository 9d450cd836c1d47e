package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import spikemlp.contract.study.StudyRequest;
import spikemlp.trainer.study.ShippedStudies;

class StudyOptionsTest {

  @TempDir private Path folder;

  private static StudyRequest apply(StudyRequest study, String... arguments) {
    StudyOptions options = new StudyOptions();
    new CommandLine(
            CommandLine.Model.CommandSpec.create()
                .addMixin("study", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
        .parseArgs(arguments);
    return options.apply(study);
  }

  @Test
  void nothingGivenChangesNothing() {
    StudyRequest study = ShippedStudies.named("time-steps");
    assertThat(apply(study)).isEqualTo(study);
    assertThat(StudyCommand.key(apply(study))).isEqualTo(StudyCommand.key(study));
    assertThat(StudyOptions.dataRoots(study)).isEmpty();
  }

  @Test
  void dataSeedsAndImagesAreTheBases() throws Exception {
    Path data = Files.createDirectories(folder.resolve("My Photos")).toRealPath();
    StudyRequest study = ShippedStudies.named("skip-ablation");
    StudyRequest changed =
        apply(study, "--data", data.toString(), "--seeds", "5,7", "--train-images", "500");
    assertThat(changed.name()).isEqualTo("skip-ablation-my-photos");
    assertThat(changed.base().dataSet().kind()).isEqualTo("path");
    assertThat(changed.base().dataSet().path()).isEqualTo(data.toString());
    assertThat(changed.base().dataSet().trainImages()).isEqualTo(500);
    assertThat(changed.seeds()).containsExactly(5L, 7L);
    assertThat(changed.axes()).isEqualTo(study.axes());
    assertThat(StudyOptions.dataRoots(changed)).isEqualTo(List.of(data));
    assertThat(StudyCommand.key(changed)).isNotEqualTo(StudyCommand.key(study));
    assertThat(apply(study, "--name", "mine", "--data", data.toString()).name()).isEqualTo("mine");
  }

  @Test
  void cellsWithEpochsOfTheirOwnKeepTheRatio() {
    StudyRequest changed = apply(ShippedStudies.named("time-steps"), "--epochs", "50");
    assertThat(changed.base().training().epochs()).isEqualTo(50);
    StudyRequest.Cell inherits = changed.axes().getFirst().cells().getLast();
    assertThat(inherits.label()).isEqualTo("T=6 from T=4");
    assertThat(inherits.patch())
        .isEqualTo(Map.of("network", Map.of("timeSteps", 6), "training", Map.of("epochs", 15)));
    assertThat(apply(changed, "--epochs", "1").axes().getFirst().cells().getLast().patch())
        .containsEntry("training", Map.of("epochs", 1));
  }

  @Test
  void aFileThatIsNoStudyIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("study.json"), "{\"name\": \"a\", \"seed\": 1}");
    assertThatThrownBy(() -> StudyOptions.read(file))
        .isInstanceOf(LauncherException.class)
        .hasMessageContaining("study.json")
        .hasMessageContaining("seed");
    assertThatThrownBy(() -> StudyOptions.read(folder.resolve("none.json")))
        .isInstanceOf(LauncherException.class)
        .hasMessageContaining("none.json");
  }
}
