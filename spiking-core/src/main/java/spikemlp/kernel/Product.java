package spikemlp.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The three matrix products of a fully connected layer Y = X·Wᵀ, for a run of rows: X {@code [R,
 * I]}, W {@code [O, I]}, Y {@code [R, O]}, all row-major. Each is one call of the BLAS that ND4J
 * brings, on ND4J's buffers: nothing is copied, and nothing allocated.
 */
public final class Product {

  private final Precision precision;
  private final Pointer x;
  private final Pointer w;
  private final Pointer y;
  private final int rows;
  private final int inputs;
  private final int outputs;

  private Product(Matrix x, Matrix w, Matrix y, long from, long to) {
    this.precision = x.tensor().precision();
    this.rows = Math.toIntExact(to - from);
    this.inputs = x.columns();
    this.outputs = y.columns();
    this.x = x.rows(from, rows);
    this.w = w.rows(0, outputs);
    this.y = y.rows(from, rows);
  }

  /** A matrix within a tensor: {@code columns} wide, from {@code offset} on. */
  public record Matrix(Tensor tensor, long offset, int columns) {

    private Pointer rows(long from, long rows) {
      return tensor.pointer(offset + from * columns, rows * columns);
    }
  }

  /** Rows {@code [from, to)} of {@code x} and {@code y}, and the whole of {@code w}. */
  public static Product of(Matrix x, Matrix w, Matrix y, long from, long to) {
    return new Product(x, w, y, from, to);
  }

  /** Y = X·Wᵀ. */
  public void forward() {
    gemm(CblasNoTrans, CblasTrans, rows, outputs, inputs, x, inputs, w, inputs, y, outputs);
  }

  /** With gradients in place of values: δX = δY·W. */
  public void inputGradient() {
    gemm(CblasNoTrans, CblasNoTrans, rows, inputs, outputs, y, outputs, w, inputs, x, inputs);
  }

  /** With gradients in place of W and Y: δW = δYᵀ·X. */
  public void weightGradient() {
    gemm(CblasTrans, CblasNoTrans, outputs, inputs, rows, y, outputs, x, inputs, w, inputs);
  }

  private void gemm(
      int transA,
      int transB,
      int m,
      int n,
      int k,
      Pointer a,
      int lda,
      Pointer b,
      int ldb,
      Pointer c,
      int ldc) {
    switch (precision) {
      case SINGLE ->
          cblas_sgemm(
              CblasRowMajor,
              transA,
              transB,
              m,
              n,
              k,
              1,
              (FloatPointer) a,
              lda,
              (FloatPointer) b,
              ldb,
              0,
              (FloatPointer) c,
              ldc);
      case DOUBLE ->
          cblas_dgemm(
              CblasRowMajor,
              transA,
              transB,
              m,
              n,
              k,
              1,
              (DoublePointer) a,
              lda,
              (DoublePointer) b,
              ldb,
              0,
              (DoublePointer) c,
              ldc);
    }
  }
}
