package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("the bound is the process's")
class NativeMemoryTest {

  @AfterEach
  void unbound() {
    NativeMemory.limit(Long.MAX_VALUE);
  }

  @Test
  void aTensorBeyondTheBoundIsRefusedAndAClosedOneMakesRoom() throws Exception {
    NativeMemory.limit(settled() + 5_000_000);
    try (Tensor first = Tensor.zeros(Precision.SINGLE, 1_000_000)) {
      assertThatThrownBy(() -> Tensor.zeros(Precision.DOUBLE, 500_000))
          .isInstanceOf(OutOfMemoryError.class)
          .hasMessageContaining("4000000 more", "beyond the bound");
      assertThat(first.get(999_999)).isZero();
    }
    try (Tensor second = Tensor.zeros(Precision.DOUBLE, 500_000)) {
      assertThat(second.size()).isEqualTo(500_000);
    }
  }

  @Test
  void aTensorGivesItsMemoryBackOnceThoughAPartOfItIsClosedToo() throws Exception {
    long before = settled();
    Tensor whole = Tensor.zeros(Precision.SINGLE, 1_000_000);
    assertThat(NativeMemory.held()).isEqualTo(before + 4_000_000);
    Tensor part = whole.first(10);
    whole.close();
    part.close();
    assertThat(NativeMemory.held()).isEqualTo(before);
  }

  @Test
  void aForgottenTensorMakesRoomToo() throws Exception {
    NativeMemory.limit(settled() + 5_000_000);
    for (int i = 0; i < 3; i++) {
      assertThat(Tensor.zeros(Precision.SINGLE, 1_000_000).size()).isEqualTo(1_000_000);
    }
  }

  /** What is held when all that other tests have forgotten is freed. */
  private static long settled() throws InterruptedException {
    long held = -1;
    for (int same = 0; same < 4; ) {
      System.gc();
      Thread.sleep(50);
      same = NativeMemory.held() == held ? same + 1 : 0;
      held = NativeMemory.held();
    }
    return held;
  }

  @Test
  void aBoundOfNothingIsRefused() {
    assertThatThrownBy(() -> NativeMemory.limit(0)).hasMessageContaining("not 0");
  }
}
