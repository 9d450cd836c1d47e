package spikemlp.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The three matrix products of a fully connected layer Y = X·Wᵀ, for a run of rows: X {@code [R,
 * I]}, W {@code [O, I]}, Y {@code [R, O]}, all row-major. Each is one {@link Nd4j#gemm} on
 * column-major views, which BLAS takes as they are.
 */
public final class Product {

  private final INDArray x;
  private final INDArray w;
  private final INDArray y;

  private Product(INDArray x, INDArray w, INDArray y) {
    this.x = x;
    this.w = w;
    this.y = y;
  }

  /** A matrix within a tensor: {@code columns} wide, from {@code offset} on. */
  public record Matrix(Tensor tensor, long offset, int columns) {}

  /** Views rows {@code [from, to)} of {@code x} and {@code y}, and the whole of {@code w}. */
  public static Product of(Matrix x, Matrix w, Matrix y, long from, long to) {
    return new Product(rows(x, from, to), rows(w, 0, y.columns()), rows(y, from, to));
  }

  private static INDArray rows(Matrix matrix, long from, long to) {
    return matrix
        .tensor()
        .transposed(matrix.offset() + from * matrix.columns(), to - from, matrix.columns());
  }

  /** Y = X·Wᵀ, or Y += X·Wᵀ. */
  public void forward(boolean add) {
    Nd4j.gemm(w, x, y, true, false, 1.0, add ? 1.0 : 0.0);
  }

  /** With gradients in place of values: δX = δY·W, or δX += δY·W. */
  public void inputGradient(boolean add) {
    Nd4j.gemm(w, y, x, false, false, 1.0, add ? 1.0 : 0.0);
  }

  /** With gradients in place of W and Y: δW = δYᵀ·X, or δW += δYᵀ·X. */
  public void weightGradient(boolean add) {
    Nd4j.gemm(x, y, w, false, true, 1.0, add ? 1.0 : 0.0);
  }
}
