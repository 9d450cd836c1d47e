package spikemlp.benchmark.libtorch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A product without bias, from rows to a tensor whose features are axis 1, and back to rows. */
sealed interface Operation {

  /** The shape of the weight as it is stored. */
  long[] weightShape();

  /** The product of rows {@code [n, C]} (or images) and the weight; features on axis 1. */
  Tensor apply(Tensor x, Tensor weight);

  /** A tensor like {@link #apply}'s result as rows. */
  Tensor rows(Tensor y);

  private static TensorOptional none() {
    return new TensorOptional();
  }

  /** y = x·Wᵀ by GEMM, {@code [n, C] → [n, O]}. */
  record Linear(int inputs, int outputs) implements Operation {
    @Override
    public long[] weightShape() {
      return new long[] {outputs, inputs};
    }

    @Override
    public Tensor apply(Tensor x, Tensor weight) {
      return torch.linear(x, weight);
    }

    @Override
    public Tensor rows(Tensor y) {
      return y;
    }
  }

  /** The same as a 1×1 convolution of a grid of tokens. */
  record Pointwise(int inputs, int outputs, int height, int width) implements Operation {
    @Override
    public long[] weightShape() {
      return new long[] {outputs, inputs};
    }

    @Override
    public Tensor apply(Tensor x, Tensor weight) {
      Tensor grid = x.view(-1, height, width, inputs).permute(0, 3, 1, 2);
      return torch.conv2d(grid, weight.view(outputs, inputs, 1, 1));
    }

    @Override
    public Tensor rows(Tensor y) {
      return y.permute(0, 2, 3, 1).reshape(-1, outputs);
    }
  }

  /**
   * y[a'] = Σ_a W[a', a]·x[a] over an axis that has {@code inner} numbers after it.
   *
   * @param length of the axis
   * @param inner numbers after it
   * @param channels of a row
   * @param how with which operator
   */
  record OverAxis(int length, int inner, int channels, Settings.Axis how) implements Operation {
    @Override
    public long[] weightShape() {
      return new long[] {length, length};
    }

    @Override
    public Tensor apply(Tensor x, Tensor weight) {
      Tensor groups = x.view(-1, length, inner);
      return switch (how) {
        case BMM -> torch.bmm(weight.unsqueeze(0).expand(groups.size(0), length, length), groups);
        case CONV1D -> torch.conv1d(groups, weight.view(length, length, 1));
      };
    }

    @Override
    public Tensor rows(Tensor y) {
      return y.view(-1, channels);
    }
  }

  /** A convolution of a grid of tokens. */
  record Convolution(
      int inputs,
      int outputs,
      int height,
      int width,
      int kernel,
      int stride,
      int padding,
      Settings.Convolution how)
      implements Operation {
    @Override
    public long[] weightShape() {
      return new long[] {outputs, inputs, kernel, kernel};
    }

    @Override
    public Tensor apply(Tensor x, Tensor weight) {
      Tensor grid = x.view(-1, height, width, inputs).permute(0, 3, 1, 2);
      Tensor laid =
          switch (how) {
            case CHANNELS_LAST -> grid;
            case CONTIGUOUS -> grid.contiguous();
          };
      return convolve(laid, weight, stride, padding);
    }

    @Override
    public Tensor rows(Tensor y) {
      return y.permute(0, 2, 3, 1).reshape(-1, outputs);
    }
  }

  /** The patch convolution of images {@code [B, 3, H, W]}, k = stride = p. */
  record ImagePatches(int colours, int outputs, int patch) implements Operation {
    @Override
    public long[] weightShape() {
      return new long[] {outputs, colours, patch, patch};
    }

    @Override
    public Tensor apply(Tensor x, Tensor weight) {
      return convolve(x, weight, patch, 0);
    }

    @Override
    public Tensor rows(Tensor y) {
      return y.permute(0, 2, 3, 1).reshape(-1, outputs);
    }
  }

  private static Tensor convolve(Tensor x, Tensor weight, int stride, int padding) {
    return torch.conv2d(
        x,
        weight,
        none(),
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        1);
  }
}
