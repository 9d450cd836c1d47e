package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class DownsamplingTest {

  private record Point(int step, double loss) {}

  private static List<Point> series(int size, long seed) {
    Random random = new Random(seed);
    List<Point> series = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      series.add(new Point(i, random.nextGaussian()));
    }
    return series;
  }

  @Test
  void keepsFirstLastLowestAndHighestInTheirOrderWithinTheBound() {
    for (int size : new int[] {0, 1, 4, 5, 7, 64, 207, 1_001}) {
      for (int most : new int[] {4, 5, 6, 13, 64, 500}) {
        List<Point> series = series(size, 31L * size + most);
        List<Point> left = Downsampling.minMax(series, most, Point::loss);
        assertThat(left).hasSizeLessThanOrEqualTo(most).isSubsetOf(series);
        assertThat(left).extracting(Point::step).isSorted().doesNotHaveDuplicates();
        if (size > 0) {
          assertThat(left).startsWith(series.getFirst()).endsWith(series.getLast());
          assertThat(losses(left).min()).isEqualTo(losses(series).min());
          assertThat(losses(left).max()).isEqualTo(losses(series).max());
        }
      }
    }
  }

  private static DoubleStream losses(List<Point> points) {
    return points.stream().mapToDouble(Point::loss);
  }

  @Test
  void aSeriesThatFitsStaysAsItIs() {
    List<Point> series = series(10, 1);
    assertThat(Downsampling.minMax(series, 10, Point::loss)).isEqualTo(series);
  }

  @Test
  void fewerThanFourPointsAreRefused() {
    assertThatThrownBy(() -> Downsampling.minMax(series(10, 1), 3, Point::loss))
        .hasMessageContaining("4 points or more, not 3");
  }
}
