package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;
import tools.jackson.databind.json.JsonMapper;

/** The command with the whole platform under it. */
@Timeout(240)
class StudyCommandTest {

  private static final String TINY =
      """
      {"name": "tiny",
       "base": {
         "dataSet": {"kind": "digits", "trainImages": 64, "testImages": 40},
         "network": {"patchSize": 8, "embeddingDim": 6, "depths": [1], "timeSteps": 2},
         "training": {"epochs": 1, "batchSize": 16}},
       "axes": [{"name": "skips", "cells": [
         {"label": "none", "patch": {"network": {"skips": "none"}}},
         {"label": "PT"}]}],
       "seeds": [1, 2]}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void log() {
    SpikeMlp.configureLogging();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    CommandLine line = SpikeMlp.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @Test
  void aStudyRunsToItsTableAndTheSameCommandAgainAnswersWithTheSameStudy() throws Exception {
    Path file = Files.writeString(folder.resolve("study.json"), TINY);
    Path json = folder.resolve("result.json");
    Path markdown = folder.resolve("tables/tiny.md");
    String[] command = {
      "study",
      "--file",
      file.toString(),
      "--home",
      folder.resolve("home").toString(),
      "--port",
      "0",
      "--seeds",
      "5,6",
      "--json",
      json.toString(),
      "--markdown",
      markdown.toString()
    };

    assertThat(run(command)).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("Study tiny", "2 cells × 2 seeds = 4 trainings", "4/4", "PT, seed 6  accuracy")
        .contains("| none  | COMPLETED | 2/2 ");
    assertThat(out.toString()).contains(Files.readString(markdown).lines().toList());
    StudyView first = read(json);
    assertThat(first.state()).isEqualTo(StudyState.COMPLETED);
    assertThat(first.request().seeds()).containsExactly(5L, 6L);

    assertThat(run(command)).as(err.toString()).isZero();

    assertThat(read(json)).isEqualTo(first);
  }

  private static StudyView read(Path json) throws Exception {
    return JsonMapper.shared().readValue(Files.readString(json), StudyView.class);
  }

  @Test
  void theShippedStudiesAreListedAndAnotherNameIsRefusedBeforeAnythingStarts() {
    assertThat(run("study", "--list")).isZero();
    assertThat(out.toString())
        .contains("skip-ablation", "patch-encoding", "time-steps", "augmentation");
    String home = folder.resolve("home").toString();
    assertThat(run("study", "nonsense", "--home", home)).isEqualTo(1);
    assertThat(err.toString()).contains("no study is named 'nonsense'", "skip-ablation");
    assertThat(run("study", "--home", home)).isEqualTo(2);
    assertThat(Path.of(home)).doesNotExist();
  }
}
