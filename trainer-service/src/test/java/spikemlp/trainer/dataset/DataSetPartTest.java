package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.data.DataSources;
import spikemlp.data.DataSplit;
import spikemlp.data.ImageDataSet;
import spikemlp.data.StopRequest;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;

class DataSetPartTest {

  @TempDir Path home;

  @Test
  void aPathsTrainImagesAreAsManyAsNamedAndOfEveryClass() throws Exception {
    ImageDataSet digits =
        DataSources.digits(100, 20, 1).load(32, 32, InputSpec.Fit.COVER, 1).train();
    for (int i = 0; i < 100; i++) {
      Path folder = Files.createDirectories(home.resolve("data/set/digit-" + digits.label(i)));
      Files.write(folder.resolve(i + ".png"), digits.png(i));
    }
    try (TestDatabase database = TestDatabase.create("trainer");
        RunningTrainer trainer =
            RunningTrainer.start(
                database, home, "workers=0", "data-roots=" + home.resolve("data"))) {
      DataSets sets = trainer.context().getBean(DataSets.class);
      DataSetSpec spec = new DataSetSpec("path", "set", 20, null);

      DataSplit part = sets.read(spec, sets.open(spec), 32, 32, DataSets.FIT, StopRequest.NEVER);

      DataSplit whole =
          sets.read(
              DataSetSpec.at("set"),
              sets.open(DataSetSpec.at("set")),
              32,
              32,
              DataSets.FIT,
              StopRequest.NEVER);
      assertThat(part.train().size()).isEqualTo(20);
      assertThat(part.test().size()).isEqualTo(whole.test().size());
      List<Integer> classes =
          IntStream.range(0, 20).mapToObj(part.train()::label).distinct().toList();
      assertThat(classes).hasSize(10);
      assertThatThrownBy(() -> sets.open(new DataSetSpec("path", "set", 9, 3)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("trainImages = 9: must be 10 or more")
          .hasMessageContaining("testImages = 3");
    }
  }
}
