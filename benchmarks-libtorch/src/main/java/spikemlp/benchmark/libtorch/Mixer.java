package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.keep;
import static spikemlp.benchmark.libtorch.Native.scoped;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.StageShape;

/** A mixer: token block and channel block, the skip connections added by hand. */
final class Mixer {

  private final StageShape shape;
  private final boolean addsStateToToken;
  private final boolean addsStateToChannel;
  private final boolean addsTokenToChannel;
  private final boolean addsPrevious;
  private final boolean addedToNext;
  private final Product tokenH;
  private final Product tokenW;
  private final Product fuse;
  private final Product channel1;
  private final Product channel2;
  private final SpikingLayer lifH;
  private final SpikingLayer lifW;
  private final SpikingLayer lifToken;
  private final SpikingLayer lifHidden;
  private final SpikingLayer lifChannel;

  /**
   * @param name {@code stages.i.mixers.j}
   */
  Mixer(Parts parts, String name, StageShape shape, boolean first, boolean last) {
    this.shape = shape;
    Skips skips = parts.config().skips();
    this.addsStateToToken = skips.pt() || first;
    this.addsStateToChannel = skips.pc();
    this.addsTokenToChannel = skips.tc();
    this.addsPrevious = skips.ct() && !first;
    this.addedToNext = skips.ct() && !last;
    int c = shape.channels();
    int hidden = c * parts.config().expansionRatio();
    int height = shape.height();
    int width = shape.width();
    this.tokenH = axis(parts, name + ".token_h", height, width * c, c);
    this.tokenW = axis(parts, name + ".token_w", width, c, c);
    this.fuse = linear(parts, name + ".fuse", 3 * c, c, shape);
    this.channel1 = linear(parts, name + ".channel_1", c, hidden, shape);
    this.channel2 = linear(parts, name + ".channel_2", hidden, c, shape);
    this.lifH = parts.neurons(name + ".lif_h");
    this.lifW = parts.neurons(name + ".lif_w");
    this.lifToken = parts.neurons(name + ".lif_token");
    this.lifHidden = parts.neurons(name + ".lif_hidden");
    this.lifChannel = parts.neurons(name + ".lif_channel");
  }

  private static Product axis(Parts parts, String name, int length, int inner, int channels) {
    Operation operation = new Operation.OverAxis(length, inner, channels, parts.settings().axis());
    return Product.fc(parts.weights(), parts.config(), name, operation, length);
  }

  private static Product linear(
      Parts parts, String name, int inputs, int outputs, StageShape shape) {
    Operation operation =
        switch (parts.settings().linear()) {
          case GEMM -> new Operation.Linear(inputs, outputs);
          case POINTWISE -> new Operation.Pointwise(inputs, outputs, shape.height(), shape.width());
        };
    return Product.fc(parts.weights(), parts.config(), name, operation, outputs);
  }

  List<SpikingLayer> neurons() {
    return List.of(lifH, lifW, lifToken, lifHidden, lifChannel);
  }

  List<Product> products() {
    return List.of(tokenH, tokenW, fuse, channel1, channel2);
  }

  /**
   * What a mixer hands on.
   *
   * @param spikes x₃
   * @param channelState c, if the next mixer adds it; whoever reads it closes it
   */
  record Output(Tensor spikes, Optional<Tensor> channelState) {}

  /**
   * @param x spikes {@code [T·B·H·W, C]}
   * @param h the stage's state
   * @param previous the previous mixer's channel state, if it is added here
   */
  Output forward(Tensor x, State h, Optional<Tensor> previous, boolean training) {
    Tensor t = scoped(() -> fuse.forward(axes(x, training), training));
    Tensor y = scoped(() -> tokenInput(t, h, previous));
    Tensor x2 = lifToken.forward(y, training);
    if (!training) {
      y.close();
    }
    Tensor c =
        scoped(() -> {
          Tensor hidden = channel1.forward(x2, training);
          return channel2.forward(lifHidden.forward(hidden, training), training);
        });
    Optional<Tensor> state = addedToNext ? Optional.of(keep(c.clone())) : Optional.empty();
    if (addsStateToChannel) {
      h.addTo(c);
    }
    if (addsTokenToChannel) {
      c.add_(t);
    }
    return new Output(lifChannel.forward(c, training), state);
  }

  private Tensor axes(Tensor x, boolean training) {
    Tensor uh = scoped(() -> lifH.forward(tokenH.forward(x, training), training));
    Tensor uw = scoped(() -> lifW.forward(tokenW.forward(x, training), training));
    return torch.cat(new TensorVector(uh, uw, x), 1);
  }

  /** y; t itself, unless the channel block reads t after y's neurons have overwritten it. */
  private Tensor tokenInput(Tensor t, State h, Optional<Tensor> previous) {
    Tensor y = addsTokenToChannel ? t.clone() : t;
    if (addsStateToToken) {
      h.addTo(y);
    }
    if (addsPrevious) {
      Tensor c = previous.orElseThrow();
      y.add_(c);
      c.close();
    }
    return y;
  }

  /**
   * What a mixer's backward hands on.
   *
   * @param spikes δx
   * @param previous δc of the previous mixer, if it was added here
   */
  record Gradient(Tensor spikes, Optional<Tensor> previous) {}

  /**
   * @param ds δx₃
   * @param dh where the gradient of the stage's state is summed
   * @param dc the next mixer's gradient of this one's c
   */
  Gradient backward(Tensor ds, Tensor dh, Optional<Tensor> dc) {
    Tensor dv = lifChannel.backward(ds);
    if (addsStateToChannel) {
      dh.add_(dv);
    }
    Tensor dy =
        scoped(() -> {
          Tensor gradient = dc.map(dv::add).orElse(dv);
          Tensor du = lifHidden.backward(channel2.backward(gradient));
          return lifToken.backward(channel1.backward(du));
        });
    if (addsStateToToken) {
      dh.add_(dy);
    }
    Optional<Tensor> previous = addsPrevious ? Optional.of(dy) : Optional.empty();
    Tensor dx =
        scoped(() -> {
          Tensor dt = dy;
          if (addsTokenToChannel) {
            dt = addsPrevious ? dy.add(dv) : dy.add_(dv);
          }
          return backwardAxes(fuse.backward(dt));
        });
    return new Gradient(dx, previous);
  }

  private Tensor backwardAxes(Tensor dcat) {
    long c = shape.channels();
    Tensor dx = scoped(() -> tokenH.backward(lifH.backward(dcat.narrow(1, 0, c))));
    dx.add_(scoped(() -> tokenW.backward(lifW.backward(dcat.narrow(1, c, c)))));
    return dx.add_(dcat.narrow(1, 2 * c, c));
  }
}
