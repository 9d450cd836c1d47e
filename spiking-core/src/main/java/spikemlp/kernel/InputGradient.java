package spikemlp.kernel;

/**
 * The gradient of a fully connected layer's inputs, δX = δY·W: δY {@code [R, O]}, W {@code [O, I]},
 * δX {@code [R, I]}. Each number is a sum over the outputs in their order, of one rounding a term.
 */
public interface InputGradient {

  /** Takes over changed weights: piece {@code piece} of {@code pieces}, which may run at once. */
  void prepare(int piece, int pieces);

  /**
   * δX of {@code rows} of the rows of δY, from {@code firstRow} of them on, which overwrites those
   * from {@code toRow} on.
   */
  void apply(OutputGradient dy, int firstRow, Tensor dx, long toRow, int rows);
}
