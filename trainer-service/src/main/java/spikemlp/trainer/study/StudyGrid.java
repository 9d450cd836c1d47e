package spikemlp.trainer.study;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.study.StudyRequest.Axis;
import spikemlp.contract.study.StudyRequest.Cell;

/** The product of a study's axes, the last axis running fastest. */
final class StudyGrid {

  /** What stands between the labels of a cell. */
  static final String JOINT = " · ";

  static final int MOST_CELLS = 128;
  private static final int LONGEST_LABEL = 60;
  private static final String ALONE = "base";

  /**
   * A cell.
   *
   * @param index its place, from 0
   * @param labels one an axis
   * @param patches one an axis, in the order in which they are applied
   * @param parent the place of the cell that it inherits from
   */
  record GridCell(
      int index,
      String label,
      List<String> labels,
      List<Map<String, @Nullable Object>> patches,
      OptionalInt parent) {}

  private StudyGrid() {}

  /** Everything that keeps the axes from making a grid. */
  static List<FieldProblem> problems(List<Axis> axes) {
    List<FieldProblem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long size = 1;
    for (int i = 0; i < axes.size(); i++) {
      Axis axis = axes.get(i);
      String place = "axes[" + i + "]";
      if (axis.name().isBlank()
          || axis.name().length() > LONGEST_LABEL
          || !names.add(axis.name())) {
        problems.add(
            new FieldProblem(
                place + ".name",
                axis.name(),
                "an axis has a name of its own of 1 to " + LONGEST_LABEL + " characters"));
      }
      if (axis.cells().isEmpty()) {
        problems.add(new FieldProblem(place + ".cells", "[]", "an axis has one cell or more"));
      }
      labels(axis, place, problems);
      size = Math.min((long) MOST_CELLS + 1, size * Math.max(1, axis.cells().size()));
    }
    List<String> inheriting =
        axes.stream()
            .filter(axis -> axis.cells().stream().anyMatch(cell -> cell.inheritsFrom() != null))
            .map(Axis::name)
            .toList();
    if (inheriting.size() > 1) {
      problems.add(
          new FieldProblem(
              "axes",
              String.join(", ", inheriting),
              "cells inherit on one axis alone: a training starts from one version"));
    }
    if (size > MOST_CELLS) {
      problems.add(
          new FieldProblem(
              "axes",
              axes.stream().map(axis -> axis.cells().size()).toList() + " cells",
              "their product must be " + MOST_CELLS + " cells or fewer"));
    }
    return problems;
  }

  private static void labels(Axis axis, String place, List<FieldProblem> problems) {
    Set<String> labels = new HashSet<>();
    for (int j = 0; j < axis.cells().size(); j++) {
      String label = axis.cells().get(j).label();
      if (label.isBlank()
          || label.length() > LONGEST_LABEL
          || label.chars().anyMatch(Character::isISOControl)
          || !labels.add(label)) {
        problems.add(
            new FieldProblem(
                place + ".cells[" + j + "].label",
                label,
                "a cell has a label of its own within its axis, one line of 1 to "
                    + LONGEST_LABEL
                    + " characters"));
      }
    }
    for (int j = 0; j < axis.cells().size(); j++) {
      String from = axis.cells().get(j).inheritsFrom();
      if (from == null) {
        continue;
      }
      if (place(axis, from).isEmpty()) {
        problems.add(
            new FieldProblem(
                place + ".cells[" + j + "].inheritsFrom",
                from,
                "is the label of a cell of the same axis; there are "
                    + String.join(", ", axis.cells().stream().map(Cell::label).toList())));
      } else if (isCircular(axis, j)) {
        problems.add(
            new FieldProblem(
                place + ".cells[" + j + "].inheritsFrom",
                from,
                "leads back to this cell; a chain begins with a cell that inherits from none"));
      }
    }
  }

  private static OptionalInt place(Axis axis, @Nullable String label) {
    for (int i = 0; i < axis.cells().size(); i++) {
      if (axis.cells().get(i).label().equals(label)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isCircular(Axis axis, int cell) {
    OptionalInt at = place(axis, axis.cells().get(cell).inheritsFrom());
    for (int steps = 0; at.isPresent() && steps < axis.cells().size(); steps++) {
      if (at.getAsInt() == cell) {
        return true;
      }
      at = place(axis, axis.cells().get(at.getAsInt()).inheritsFrom());
    }
    return false;
  }

  /** The cells of axes without problems. */
  static List<GridCell> of(List<Axis> axes) {
    int size = axes.stream().mapToInt(axis -> axis.cells().size()).reduce(1, Math::multiplyExact);
    List<GridCell> cells = new ArrayList<>();
    for (int index = 0; index < size; index++) {
      List<String> labels = new ArrayList<>();
      List<Map<String, @Nullable Object>> patches = new ArrayList<>();
      OptionalInt parent = OptionalInt.empty();
      int stride = size;
      for (Axis axis : axes) {
        stride /= axis.cells().size();
        int digit = index / stride % axis.cells().size();
        Cell cell = axis.cells().get(digit);
        labels.add(cell.label());
        Map<String, @Nullable Object> patch = cell.patch();
        if (patch != null) {
          patches.add(patch);
        }
        OptionalInt from = place(axis, cell.inheritsFrom());
        if (from.isPresent()) {
          parent = OptionalInt.of(index + (from.getAsInt() - digit) * stride);
        }
      }
      String label = labels.isEmpty() ? ALONE : String.join(JOINT, labels);
      cells.add(new GridCell(index, label, labels, patches, parent));
    }
    return cells;
  }

  /** The model of a cell's versions: the study's name and the label in a model name's letters. */
  static String model(String study, GridCell cell) {
    String letters =
        cell.label().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return study + "." + (letters.isEmpty() ? "cell-" + (cell.index() + 1) : letters);
  }
}
