package spikemlp.contract.study;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A study as the API shows it.
 *
 * @param state COMPLETED once every cell has ended, well or not
 * @param cells the grid, the last axis running fastest
 */
public record StudyView(
    String id,
    String name,
    StudyState state,
    StudyRequest request,
    List<Cell> cells,
    Instant createdAt,
    @Nullable Instant endedAt) {

  public StudyView {
    cells = List.copyOf(cells);
  }

  /**
   * A cell of the grid.
   *
   * @param label its labels on the axes, joined by {@code ·}
   * @param labels its label on each axis
   * @param model the registered model that its versions belong to, one a seed
   * @param inheritsFrom the label of the cell that it starts from, or null
   * @param runs one a seed
   * @param results over the completed runs; null before the first
   */
  public record Cell(
      String label,
      List<String> labels,
      String model,
      @Nullable String inheritsFrom,
      StudyState state,
      List<Run> runs,
      @Nullable CellResults results) {

    public Cell {
      labels = List.copyOf(labels);
      runs = List.copyOf(runs);
    }
  }

  /**
   * A cell with one seed: a training job.
   *
   * @param jobId null before it is submitted
   * @param version the registered version's number, or null
   * @param failure why it FAILED, or null
   * @param results null before it has COMPLETED
   */
  public record Run(
      long seed,
      StudyState state,
      @Nullable String jobId,
      @Nullable Integer version,
      @Nullable String failure,
      @Nullable RunResults results) {}
}
