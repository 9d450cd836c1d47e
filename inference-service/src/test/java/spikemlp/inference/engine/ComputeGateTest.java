package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ComputeGateTest {

  private static final Deadline AT_ONCE = Deadline.in(Duration.ZERO);

  @Test
  void refusesMoreThanMayComputeAndWait() {
    ComputeGate gate = new ComputeGate(1, 1);
    Held first = gate.admit();
    Held second = gate.admit();
    assertThatThrownBy(gate::admit)
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("1 requests may compute and 1 may wait");
    assertThat(gate.inHand()).isEqualTo(2);
    second.close();
    second.close();
    assertThat(gate.inHand()).isEqualTo(1);
    gate.admit().close();
    first.close();
    assertThat(gate.inHand()).isZero();
  }

  @Test
  void aTurnThatDoesNotComeInTimeIsADeadlineExceeded() {
    ComputeGate gate = new ComputeGate(1, 1);
    Held turn = gate.turn(AT_ONCE);
    assertThatThrownBy(() -> gate.turn(AT_ONCE))
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageContaining("no answer within 0 ms");
    turn.close();
    gate.turn(AT_ONCE).close();
  }
}
