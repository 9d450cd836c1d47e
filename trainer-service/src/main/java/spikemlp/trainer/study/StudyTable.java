package spikemlp.trainer.study;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.study.CellResults;
import spikemlp.contract.study.Spread;
import spikemlp.contract.study.StudyRequest;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;

/** A study as a table: a row a cell, each number as mean ± standard deviation over the seeds. */
final class StudyTable {

  private static final MathContext DIGITS = new MathContext(4);

  /** A number of the table: its names in both forms, and the unit it is shown in. */
  private record Column(
      String heading, String csv, double unit, Function<CellResults, Spread> spread) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("energy µJ", "energy_pj", 1e6, CellResults::energyPicojoules),
          new Column("firing rate", "firing_rate", 1, CellResults::firingRate),
          new Column("additions M", "synaptic_additions", 1e6, CellResults::synapticAdditions),
          new Column("image-steps k", "image_steps", 1e3, CellResults::imageSteps),
          new Column("in all k", "image_steps_in_all", 1e3, CellResults::imageStepsInAll),
          new Column("parameters k", "parameters", 1e3, CellResults::parameters),
          new Column("train s", "train_seconds", 1, CellResults::trainSeconds));

  private StudyTable() {}

  /** For people; the columns are padded so that it reads well as it is. */
  static String markdown(StudyView study) {
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(axes(study));
    heading.addAll(List.of("state", "seeds", "accuracy %", "min – max"));
    COLUMNS.forEach(column -> heading.add(column.heading()));
    rows.add(heading);
    study.cells().forEach(cell -> rows.add(row(cell)));
    StringBuilder text = new StringBuilder("# ").append(study.name()).append("\n\n");
    String description = study.request().description();
    if (description != null) {
      text.append(description).append("\n\n");
    }
    padded(rows).forEach(line -> text.append(line).append('\n'));
    text.append("\nMean ± standard deviation of the sample over seeds ")
        .append(
            study.request().seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")))
        .append(". ")
        .append("Energy is an estimate by the model horowitz-45nm-compute. ")
        .append("The study is ")
        .append(study.state())
        .append(".\n");
    failures(study).forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static List<String> axes(StudyView study) {
    List<String> names = study.request().axes().stream().map(StudyRequest.Axis::name).toList();
    return names.isEmpty() ? List.of("cell") : names;
  }

  private static List<String> labels(StudyView.Cell cell) {
    return cell.labels().isEmpty() ? List.of(cell.label()) : cell.labels();
  }

  private static List<String> row(StudyView.Cell cell) {
    List<String> row = new ArrayList<>();
    labels(cell).forEach(label -> row.add(label.replace("|", "\\|")));
    row.add(cell.state().toString());
    row.add(completed(cell) + "/" + cell.runs().size());
    CellResults results = cell.results();
    if (results == null) {
      for (int i = 0; i < COLUMNS.size() + 2; i++) {
        row.add("–");
      }
      return row;
    }
    Spread accuracy = results.accuracy();
    Double deviation = accuracy.standardDeviation();
    row.add(percent(accuracy.mean()) + (deviation == null ? "" : " ± " + percent(deviation)));
    row.add(percent(accuracy.min()) + " – " + percent(accuracy.max()));
    for (Column column : COLUMNS) {
      row.add(number(column.spread().apply(results), column.unit()));
    }
    return row;
  }

  private static long completed(StudyView.Cell cell) {
    return cell.runs().stream().filter(run -> run.state() == StudyState.COMPLETED).count();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /** Mean ± deviation, or the mean alone where there is no deviation. */
  private static String number(Spread spread, double unit) {
    Double deviation = spread.standardDeviation();
    String mean = digits(spread.mean() / unit, DIGITS);
    return deviation == null || deviation == 0
        ? mean
        : mean + " ± " + digits(deviation / unit, new MathContext(2));
  }

  private static String digits(double value, MathContext precision) {
    return new BigDecimal(value, precision).stripTrailingZeros().toPlainString();
  }

  private static List<String> padded(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("|");
      for (int i = 0; i < columns; i++) {
        line.append(' ').append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
        line.append(" |");
      }
      lines.add(line.toString());
      if (lines.size() == 1) {
        StringBuilder rule = new StringBuilder("|");
        for (int width : widths) {
          rule.append("-".repeat(width + 2)).append('|');
        }
        lines.add(rule.toString());
      }
    }
    return lines;
  }

  private static List<String> failures(StudyView study) {
    List<String> lines = new ArrayList<>();
    for (StudyView.Cell cell : study.cells()) {
      for (StudyView.Run run : cell.runs()) {
        if (run.failure() != null) {
          lines.add("- " + cell.label() + ", seed " + run.seed() + " FAILED: " + run.failure());
        }
      }
    }
    if (!lines.isEmpty()) {
      lines.addFirst("");
    }
    return lines;
  }

  /** For programs: RFC 4180, every number in its base unit, empty where there is none. */
  static String csv(StudyView study) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("", "accuracy", 1, CellResults::accuracy));
    columns.addAll(COLUMNS);
    List<String> heading = new ArrayList<>(axes(study));
    heading.addAll(List.of("model", "state", "completed", "seeds"));
    for (Column column : columns) {
      for (String part : List.of("mean", "sd", "min", "max")) {
        heading.add(column.csv() + "_" + part);
      }
    }
    StringBuilder text = new StringBuilder(line(heading));
    for (StudyView.Cell cell : study.cells()) {
      List<String> row = new ArrayList<>(labels(cell));
      row.add(cell.model());
      row.add(cell.state().toString());
      row.add(Long.toString(completed(cell)));
      row.add(Integer.toString(cell.runs().size()));
      CellResults results = cell.results();
      for (Column column : columns) {
        row.addAll(results == null ? List.of("", "", "", "") : parts(column, results));
      }
      text.append(line(row));
    }
    return text.toString();
  }

  private static List<String> parts(Column column, CellResults results) {
    Spread spread = column.spread().apply(results);
    return List.of(
        plain(spread.mean()),
        plain(spread.standardDeviation()),
        plain(spread.min()),
        plain(spread.max()));
  }

  private static String plain(@Nullable Double value) {
    return value == null
        ? ""
        : new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }

  private static String line(List<String> values) {
    return values.stream()
            .map(value ->
                value.matches("(?s).*[\",\r\n].*")
                    ? '"' + value.replace("\"", "\"\"") + '"'
                    : value)
            .collect(Collectors.joining(","))
        + "\r\n";
  }
}
