package spikemlp.kernel;

/** The product as the equation stands. */
record NaiveInputGradient(Precision p, Tensor weights, long offset, int outputs, int inputs)
    implements InputGradient {

  @Override
  public void prepare(int piece, int pieces) {
    // Weights are read where they lie.
  }

  @Override
  public void apply(OutputGradient dy, int firstRow, Tensor dx, long toRow, int rows) {
    double[] numbers = ((NaiveOutputGradient) dy).numbers();
    for (int row = 0; row < rows; row++) {
      int from = (firstRow + row) * outputs;
      for (int i = 0; i < inputs; i++) {
        double sum = 0;
        for (int o = 0; o < outputs; o++) {
          sum = p.fma(numbers[from + o], weights.get(offset + (long) o * inputs + i), sum);
        }
        dx.set((toRow + row) * inputs + i, sum);
      }
    }
  }
}
