package spikemlp.contract.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @Test
  void readsNameAliasAndVersion() {
    assertThat(ModelReference.parse("digits")).isEqualTo(new ModelReference("digits", null, null));
    assertThat(ModelReference.parse("digits@champion"))
        .isEqualTo(new ModelReference("digits", "champion", null));
    assertThat(ModelReference.parse("cifar.10_x-y:12"))
        .isEqualTo(new ModelReference("cifar.10_x-y", null, 12))
        .hasToString("cifar.10_x-y:12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Digits", "a b", "x:0", "x:", "x@", "x@y:1", "../x", "x:99999999999"})
  void refusesWhatNamesNoModel(String text) {
    assertThatThrownBy(() -> ModelReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NAME, NAME@ALIAS or NAME:VERSION");
  }
}
