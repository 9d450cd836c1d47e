package spikemlp.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import spikemlp.contract.image.InputSpec.Fit;
import spikemlp.contract.image.Picture;

class DrawnDigitsTest {

  @Test
  void theSameSeedDrawsTheSamePictures() {
    DataSplit first = DataSources.digits(40, 20, 7).load(32, 32, Fit.COVER, 1);
    DataSplit second = DataSources.digits(40, 20, 7).load(32, 32, Fit.COVER, 2);
    DataSplit other = DataSources.digits(40, 20, 8).load(32, 32, Fit.COVER, 1);
    assertThat(second.contentHash()).isEqualTo(first.contentHash());
    assertThat(other.contentHash()).isNotEqualTo(first.contentHash());
  }

  @Test
  void moreImagesBeginWithTheSameOnes() {
    ImageDataSet few = DataSources.digits(20, 10, 7).load(32, 32, Fit.COVER, 1).train();
    ImageDataSet many = DataSources.digits(30, 10, 7).load(32, 32, Fit.COVER, 1).train();
    for (int i = 0; i < few.size(); i++) {
      assertThat(pixels(many, i)).isEqualTo(pixels(few, i));
    }
  }

  @Test
  void heldOutDigitsAreOthersThanTheLearnt() {
    DataSplit split = DataSources.digits(100, 100, 7).load(32, 32, Fit.COVER, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(split.test().label(i)).isEqualTo(split.train().label(i)).isEqualTo(i % 10);
      assertThat(pixels(split.test(), i)).isNotEqualTo(pixels(split.train(), i));
    }
  }

  @Test
  void aDigitSurvivesPngExactly() {
    ImageDataSet digits = DataSources.digits(10, 10, 3).load(32, 32, Fit.COVER, 1).test();
    for (int i = 0; i < digits.size(); i++) {
      assertThat(Picture.decode(digits.png(i)).rgb()).isEqualTo(pixels(digits, i));
    }
  }

  @Test
  void refusesTooFew() {
    assertThatThrownBy(() -> DataSources.digits(9, 10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trainImages")
        .hasMessageContaining("9");
  }

  private static byte[] pixels(ImageDataSet images, int i) {
    byte[] rgb = new byte[3 * images.height() * images.width()];
    images.pixels(i, rgb, 0);
    return rgb;
  }
}
