package spikemlp.inference.model;

import java.util.Locale;

/** Which of a version's model files answers. */
public enum PrecisionChoice {
  /** Single precision, which every version has. */
  FP32,
  /** 8-bit weights; refused where a version has no such file. */
  INT8,
  /** 8-bit weights where the version has them and they cost little accuracy, else FP32. */
  AUTO;

  /**
   * The choice of that name.
   *
   * @throws IllegalArgumentException naming the choices
   */
  public static PrecisionChoice named(String name) {
    for (PrecisionChoice choice : values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "a precision is 'fp32', 'int8' or 'auto', not '" + name + "'");
  }
}
