package spikemlp.kernel;

import org.nd4j.linalg.api.buffer.DataType;

/** In which precision a network computes. */
public enum Precision {
  /** 32-bit, as networks are trained and served. */
  SINGLE(DataType.FLOAT, Float.BYTES),
  /** 64-bit, to hold gradients against central differences. */
  DOUBLE(DataType.DOUBLE, Double.BYTES);

  private final DataType type;
  private final int bytes;

  Precision(DataType type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  DataType type() {
    return type;
  }

  int bytes() {
    return bytes;
  }

  /**
   * The nearest number of this precision. The sum, difference, product or quotient of two 32-bit
   * numbers, computed in 64 bits and then rounded, is exactly the 32-bit operation's result.
   */
  double round(double value) {
    return switch (this) {
      case SINGLE -> (float) value;
      case DOUBLE -> value;
    };
  }

  /** a·b + c, rounded once. */
  double fma(double a, double b, double c) {
    return switch (this) {
      case SINGLE -> Math.fma((float) a, (float) b, (float) c);
      case DOUBLE -> Math.fma(a, b, c);
    };
  }
}
