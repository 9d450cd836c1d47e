package spikemlp.contract.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.job.TrainingJobRequest;

/**
 * The body of {@code POST /api/v1/studies}: a grid of trainings, every cell with every seed.
 *
 * @param name of the study; each cell's model is named after it
 * @param description for people, or null
 * @param base what all cells have in common; its name and its seed are the study's to set and left
 *     out
 * @param axes what differs; the grid is their product, and one cell alone where there are none
 * @param seeds distinct; each is a training's seed in every cell
 */
public record StudyRequest(
    String name,
    @Nullable String description,
    TrainingJobRequest base,
    List<Axis> axes,
    List<Long> seeds) {

  @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
  public StudyRequest {
    name = Objects.requireNonNullElse(name, "");
    axes = List.copyOf(Objects.requireNonNullElse(axes, List.of()));
    seeds = List.copyOf(Objects.requireNonNullElse(seeds, List.of()));
  }

  /**
   * One thing that differs.
   *
   * @param name of the table's column, such as {@code skips}
   * @param cells the values it takes
   */
  public record Axis(String name, List<Cell> cells) {

    @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
    public Axis {
      name = Objects.requireNonNullElse(name, "");
      cells = List.copyOf(Objects.requireNonNullElse(cells, List.of()));
    }
  }

  /**
   * One value of an axis.
   *
   * @param label what the table calls it; distinct within the axis
   * @param patch a JSON merge patch (RFC 7396) to the base, such as {@code {"network":
   *     {"timeSteps": 2}}}; null for none
   * @param inheritsFrom the label of the cell of this axis from whose version with the same seed
   *     the training starts, or null to start from scratch
   */
  public record Cell(
      String label, @Nullable Map<String, @Nullable Object> patch, @Nullable String inheritsFrom) {

    @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
    public Cell {
      label = Objects.requireNonNullElse(label, "");
      if (patch != null) {
        patch = Collections.unmodifiableMap(new LinkedHashMap<>(patch));
      }
    }
  }
}
