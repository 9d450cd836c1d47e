package spikemlp.kernel;

/** The product as the equation stands. */
record NaiveInputGradient(Precision p, Tensor weights, long offset, int outputs, int inputs)
    implements InputGradient {

  @Override
  public void prepare(int piece, int pieces) {
    // Weights are read where they lie.
  }

  @Override
  public void apply(Tensor dy, Tensor dx, long firstRow, int rows) {
    for (long row = firstRow; row < firstRow + rows; row++) {
      for (int i = 0; i < inputs; i++) {
        double sum = 0;
        for (int o = 0; o < outputs; o++) {
          sum = p.fma(dy.get(row * outputs + o), weights.get(offset + (long) o * inputs + i), sum);
        }
        dx.set(row * inputs + i, sum);
      }
    }
  }
}
