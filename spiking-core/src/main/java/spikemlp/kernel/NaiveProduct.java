package spikemlp.kernel;

import java.util.List;
import java.util.Optional;

/** The product as the equation stands: what did not fire is passed over, the rest in its order. */
final class NaiveProduct implements SpikeProduct {

  private final Precision p;
  private final Tensor weights;
  private final List<Part> parts;
  private final int outputs;
  private final double[][] gradients;
  private final int size;

  NaiveProduct(Precision p, Tensor weights, List<Part> parts, int outputs, int slices) {
    this.p = p;
    this.weights = weights;
    this.parts = List.copyOf(parts);
    this.outputs = outputs;
    this.size = parts.stream().mapToInt(part -> part.inputs() * outputs).sum();
    this.gradients = new double[slices][];
  }

  @Override
  public void prepare(int piece, int pieces) {
    // Weights are read where they lie.
  }

  @Override
  public void forward(long firstRow, int rows, Tensor y, int sample, Optional<Moments> moments) {
    for (long row = firstRow; row < firstRow + rows; row++) {
      for (int o = 0; o < outputs; o++) {
        double sum = 0;
        for (Part part : parts) {
          for (int i = 0; i < part.inputs(); i++) {
            double s = part.x().get(row, i);
            if (s != 0) {
              sum = p.fma(s, weights.get(part.weight() + (long) o * part.inputs() + i), sum);
            }
          }
        }
        y.set(row * outputs + o, sum);
      }
    }
    for (int from = 0; from < rows && moments.isPresent(); from += BLOCK) {
      measure(y, firstRow + from, Math.min(BLOCK, rows - from), sample, moments.get());
    }
  }

  /** Sums about the block's mean, which leave nothing to cancel. */
  private void measure(Tensor y, long firstRow, int rows, int sample, Moments to) {
    for (int o = 0; o < outputs; o++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum = p.round(sum + y.get((firstRow + r) * outputs + o));
      }
      double mean = p.round(sum / rows);
      double squares = 0;
      for (int r = 0; r < rows; r++) {
        double d = p.round(y.get((firstRow + r) * outputs + o) - mean);
        squares = p.fma(d, d, squares);
      }
      to.add(sample, o, sum, squares + sum * sum / rows);
    }
  }

  @Override
  public void clearGradient(int slice) {
    gradients[slice] = new double[size];
  }

  @Override
  public void weightGradient(int slice, OutputGradient dy, long firstRow, int rows) {
    double[] gradient = gradients[slice];
    double[] numbers = ((NaiveOutputGradient) dy).numbers();
    for (int row = 0; row < rows; row++) {
      int at = 0;
      for (Part part : parts) {
        for (int i = 0; i < part.inputs(); i++) {
          double s = part.x().get(firstRow + row, i);
          if (s != 0) {
            for (int o = 0; o < outputs; o++) {
              int w = at + o * part.inputs() + i;
              gradient[w] = p.fma(s, numbers[row * outputs + o], gradient[w]);
            }
          }
        }
        at += part.inputs() * outputs;
      }
    }
  }

  @Override
  public void finishGradient(Tensor to, int piece, int pieces) {
    if (piece != 0) {
      return;
    }
    int at = 0;
    for (Part part : parts) {
      for (int w = 0; w < part.inputs() * outputs; w++) {
        double sum = 0;
        for (double[] gradient : gradients) {
          sum = p.round(sum + gradient[at + w]);
        }
        to.set(part.weight() + w, sum);
      }
      at += part.inputs() * outputs;
    }
  }
}
