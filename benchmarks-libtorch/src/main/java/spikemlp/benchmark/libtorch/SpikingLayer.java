package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.keep;

import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.NetworkConfig;

/**
 * A layer of LIF neurons over T as one fused node: in-place operators forward, the gradient written
 * by hand backward (the equations are those of {@code network.md}). In training it holds potentials
 * and spikes from forward to backward.
 */
final class SpikingLayer {

  /** Slope α of the sigmoid surrogate. */
  private static final double ALPHA = 4;

  /** Numbers of a piece and step: those that are at work fit a core's second cache. */
  private static final long PIECE = 32_768;

  private final String name;
  private final NetworkConfig config;
  private final Settings.Neuron how;
  private Optional<State> state = Optional.empty();

  /** Potentials and spikes {@code [T, r, C]}. */
  private record State(Tensor potentials, Tensor spikes) {
    void close() {
      potentials.close();
      spikes.close();
    }
  }

  SpikingLayer(String name, NetworkConfig config, Settings.Neuron how) {
    this.name = name;
    this.config = config;
    this.how = how;
  }

  /** The canonical name. */
  String name() {
    return name;
  }

  /** The spikes of rows z {@code [T·r, C]}, which are overwritten. */
  Tensor forward(Tensor z, boolean training) {
    return Native.scoped(() -> {
      Tensor spikes = torch.empty_like(z);
      Tensor h = steps(z);
      Tensor s = steps(spikes);
      forEachPiece(
          h.size(1),
          h.size(2),
          (from, length) -> fire(h.narrow(1, from, length), s.narrow(1, from, length)));
      forget();
      if (training) {
        state = Optional.of(new State(keep(h), keep(s)));
      }
      return spikes;
    });
  }

  /** Rows {@code [T·r, C]} as {@code [T, r, C]}. */
  private Tensor steps(Tensor rows) {
    return rows.view(config.timeSteps(), rows.size(0) / config.timeSteps(), rows.size(1));
  }

  /** Some rows of every step. */
  private interface Piece {
    void run(long from, long length);
  }

  private void forEachPiece(long rows, long channels, Piece piece) {
    long length =
        switch (how) {
          case WHOLE -> rows;
          case PIECES -> Math.max(1, PIECE / channels);
        };
    for (long from = 0; from < rows; from += length) {
      try (PointerScope _ = new PointerScope()) {
        piece.run(from, Math.min(length, rows - from));
      }
    }
  }

  /** Turns z {@code [T, n, C]} into h in place and writes s. */
  private void fire(Tensor h, Tensor s) {
    Scalar charge = new Scalar(1 / config.tau());
    Scalar threshold = new Scalar(config.threshold());
    Scalar minus = new Scalar(-1);
    Tensor v = torch.empty_like(h.select(0, 0));
    for (int t = 0; t < config.timeSteps(); t++) {
      Tensor ht = h.select(0, t);
      Tensor st = s.select(0, t);
      if (t == 0) {
        ht.mul_(charge);
      } else {
        torch.lerp_out(ht, v, ht, charge);
      }
      torch.ge_out(st, ht, threshold);
      if (t + 1 < config.timeSteps()) {
        torch.addcmul_out(v, ht, ht, st, minus);
      }
    }
  }

  /** δz from δs, both rows. Frees what forward held. */
  Tensor backward(Tensor ds) {
    State done = state.orElseThrow(() -> new IllegalStateException("backward without forward"));
    state = Optional.empty();
    return Native.scoped(() -> {
      Tensor rows = torch.empty_like(done.spikes()).view(ds.size(0), ds.size(1));
      Tensor dz = steps(rows);
      Tensor given = steps(ds);
      forEachPiece(
          dz.size(1),
          dz.size(2),
          (from, length) ->
              fireBackward(
                  done.potentials().narrow(1, from, length),
                  done.spikes().narrow(1, from, length),
                  given.narrow(1, from, length),
                  dz.narrow(1, from, length)));
      done.close();
      return rows;
    });
  }

  /**
   * Writes δz, all {@code [T, n, C]}; h is overwritten.
   *
   * <pre>
   * δz[t] = α/τ·δs[t]·σ'(x) + (1 − 1/τ)·δz[t+1]·(1 − s[t])      x = α(h[t] − V_th)
   *         − (1 − 1/τ)·δz[t+1]·h[t]·α·σ'(x) unless the reset is detached
   * </pre>
   */
  private void fireBackward(Tensor h, Tensor s, Tensor ds, Tensor dz) {
    double leak = 1 - 1 / config.tau();
    Tensor shift = torch.full(new long[0], new Scalar(-ALPHA * config.threshold()), h.options());
    Scalar slope = new Scalar(ALPHA);
    Scalar scale = new Scalar(ALPHA / config.tau());
    Scalar keeps = new Scalar(leak);
    Scalar resets = new Scalar(-leak);
    Scalar throughReset = new Scalar(-leak * ALPHA);
    for (int t = config.timeSteps() - 1; t >= 0; t--) {
      boolean last = t + 1 == config.timeSteps();
      Tensor ht = h.select(0, t);
      Tensor dzt = dz.select(0, t);
      Tensor potentials = config.detachReset() || last ? ht : ht.clone();
      torch.add_out(ht, shift, ht, slope);
      Tensor sigmoid = ht.sigmoid_();
      torch.sigmoid_backward_out(dzt, ds.select(0, t), sigmoid);
      dzt.mul_(scale);
      if (!last) {
        Tensor next = dz.select(0, t + 1);
        dzt.add_(next, keeps).addcmul_(next, s.select(0, t), resets);
        if (!config.detachReset()) {
          Tensor derivative = torch.sigmoid_backward(potentials, sigmoid);
          dzt.addcmul_(next, derivative, throughReset);
        }
      }
    }
  }

  /** The spikes of the forward that no backward has come for, per sample, over T. */
  long[] counts(int batch) {
    State held = state.orElseThrow(() -> new IllegalStateException("no spikes without forward"));
    long[] counts = new long[batch];
    try (PointerScope _ = new PointerScope()) {
      Tensor perSample = held.spikes().view(config.timeSteps(), batch, -1).sum(new long[] {0, 2});
      double[] values = Weights.doubles(perSample);
      for (int b = 0; b < batch; b++) {
        counts[b] = Math.round(values[b]);
      }
    }
    return counts;
  }

  /** Frees what a forward held that no backward came for. */
  void forget() {
    state.ifPresent(State::close);
    state = Optional.empty();
  }
}
