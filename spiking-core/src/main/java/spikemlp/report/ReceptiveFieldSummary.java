package spikemlp.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receptive field as {@code report.json} holds it.
 *
 * @param layer canonical name of the token FC
 * @param shape {@code [out, in]}
 * @param diagonalDominance Σ|w| within ±1 of the diagonal over Σ|w|, in [0, 1]
 * @param weights the rows, learnt and not folded; null beyond {@value #LARGEST}×{@value #LARGEST},
 *     where the checkpoint has them
 */
public record ReceptiveFieldSummary(
    String layer,
    List<Integer> shape,
    double diagonalDominance,
    @Nullable List<List<Float>> weights) {

  static final int LARGEST = 64;

  public static ReceptiveFieldSummary of(ReceptiveField field) {
    int size = field.size();
    return new ReceptiveFieldSummary(
        field.layer(),
        List.of(size, size),
        field.diagonalDominance(),
        size > LARGEST ? null : rows(field));
  }

  private static List<List<Float>> rows(ReceptiveField field) {
    List<List<Float>> rows = new ArrayList<>();
    for (int from = 0; from < field.weights().length; from += field.size()) {
      List<Float> row = new ArrayList<>();
      for (int i = 0; i < field.size(); i++) {
        row.add(field.weights()[from + i]);
      }
      rows.add(List.copyOf(row));
    }
    return List.copyOf(rows);
  }
}
