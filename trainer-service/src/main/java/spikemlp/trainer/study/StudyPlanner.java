package spikemlp.trainer.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.study.StudyRequest;
import spikemlp.trainer.job.TrainingJobs;
import spikemlp.trainer.study.StudyGrid.GridCell;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a study's request into the requests of its cells, each planned as a job of its own, or
 * names everything that is wrong with any of them at once. A problem that every cell has is the
 * base's.
 */
@Component
final class StudyPlanner {

  static final int MOST_RUNS = 512;

  /**
   * A cell that can be trained.
   *
   * @param request the job's, without seed, and without start if the cell inherits
   */
  record PlannedCell(GridCell cell, ObjectNode request, TrainingJobs.Plan plan) {}

  private final TrainingJobs jobs;
  private final JobJson json;

  StudyPlanner(TrainingJobs jobs, JobJson json) {
    this.jobs = jobs;
    this.json = json;
  }

  /**
   * Plans every cell.
   *
   * @throws InvalidConfigurationException naming every wrong value, those of a cell as {@code
   *     cells[LABEL].FIELD}
   */
  List<PlannedCell> plan(StudyRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    boolean named = ModelReference.isName(request.name());
    if (!named) {
      problems.add(
          new FieldProblem(
              "name",
              request.name(),
              "a study's name is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a letter or"
                  + " digit"));
    }
    Optional<ObjectNode> base = base(request, problems);
    List<FieldProblem> axes = StudyGrid.problems(request.axes());
    problems.addAll(axes);
    seeds(request, problems);
    List<PlannedCell> planned = new ArrayList<>();
    if (axes.isEmpty() && base.isPresent()) {
      List<GridCell> grid = StudyGrid.of(request.axes());
      int runs = grid.size() * request.seeds().size();
      if (runs > MOST_RUNS) {
        problems.add(
            new FieldProblem(
                "seeds",
                grid.size() + " cells × " + request.seeds().size() + " seeds",
                "a study is " + MOST_RUNS + " runs or fewer"));
      }
      planned = cells(named ? request.name() : "study", grid, base.get(), problems);
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return planned;
  }

  @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
  private Optional<ObjectNode> base(StudyRequest request, List<FieldProblem> problems) {
    TrainingJobRequest given = request.base();
    if (given == null) {
      problems.add(
          new FieldProblem(
              "base", "", "is what all cells have in common: dataSet, network and training"));
      return Optional.empty();
    }
    ObjectNode base = json.of(given);
    setByTheStudy("base", base, problems);
    return Optional.of(base);
  }

  /** Refuses what the study sets itself. */
  private static void setByTheStudy(String place, JsonNode request, List<FieldProblem> problems) {
    JsonNode name = request.path("name");
    if (!name.isNull() && !name.isMissingNode()) {
      problems.add(
          new FieldProblem(
              place + ".name",
              name.asString(""),
              "each cell's model is named after the study and the cell; leave it out"));
    }
    JsonNode seed = request.path("training").path("seed");
    if (!seed.isNull() && !seed.isMissingNode()) {
      problems.add(
          new FieldProblem(
              place + ".training.seed",
              seed.toString(),
              "every cell is trained with each of the study's seeds; leave it out"));
    }
  }

  private static void seeds(StudyRequest request, List<FieldProblem> problems) {
    List<Long> seeds = request.seeds();
    if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size()) {
      problems.add(
          new FieldProblem(
              "seeds", seeds.toString(), "are one number or more, each once, such as [1, 2, 3]"));
    }
  }

  private List<PlannedCell> cells(
      String study, List<GridCell> grid, ObjectNode base, List<FieldProblem> problems) {
    Map<String, String> models = new HashMap<>();
    List<Optional<PlannedCell>> planned = new ArrayList<>();
    List<List<FieldProblem>> found = new ArrayList<>();
    for (GridCell cell : grid) {
      List<FieldProblem> ofCell = new ArrayList<>();
      planned.add(cell(study, cell, base, models, ofCell));
      found.add(ofCell);
    }
    for (GridCell cell : grid) {
      if (cell.parent().isPresent()) {
        GridCell parent = grid.get(cell.parent().getAsInt());
        Optional<PlannedCell> child = planned.get(cell.index());
        Optional<PlannedCell> start = planned.get(parent.index());
        if (child.isPresent() && start.isPresent()) {
          inheritable(
              child.get().plan(), start.get().plan(), parent.label(), found.get(cell.index()));
        }
      }
    }
    List<FieldProblem> common = new ArrayList<>(found.getFirst());
    found.forEach(common::retainAll);
    common.forEach(problem -> problems.add(problem.below("base")));
    for (GridCell cell : grid) {
      found.get(cell.index()).stream()
          .filter(problem -> !common.contains(problem))
          .forEach(problem -> problems.add(problem.below("cells[" + cell.label() + "]")));
    }
    return planned.stream().flatMap(Optional::stream).toList();
  }

  private Optional<PlannedCell> cell(
      String study,
      GridCell cell,
      ObjectNode base,
      Map<String, String> models,
      List<FieldProblem> problems) {
    JsonNode merged = base;
    for (Map<String, @Nullable Object> patch : cell.patches()) {
      JsonNode change = json.patch(patch);
      List<FieldProblem> own = new ArrayList<>();
      setByTheStudy("", change, own);
      own.forEach(
          p -> problems.add(new FieldProblem(p.field().substring(1), p.value(), p.message())));
      merged = MergePatch.apply(merged, change);
    }
    ObjectNode request = (ObjectNode) merged;
    request.put("name", model(study, cell, models, problems));
    boolean inherits = cell.parent().isPresent();
    if (inherits && request.path("start").isObject()) {
      problems.add(
          new FieldProblem(
              "start",
              request.path("start").toString(),
              "is set by inheritsFrom; leave one of them out"));
    }
    if (!request.path("dataSet").isObject()) {
      problems.add(
          new FieldProblem(
              "dataSet", request.path("dataSet").toString(), "names the images to train on"));
      return Optional.empty();
    }
    int before = problems.size();
    if (inherits) {
      json.read(JobJson.startingFrom(request, "model", 1), problems);
      request.remove("start"); // not known before the parent has completed
    }
    TrainingJobRequest job = json.read(request, inherits ? new ArrayList<>() : problems);
    try {
      TrainingJobs.Plan plan = jobs.plan(job);
      return problems.size() == before
          ? Optional.of(new PlannedCell(cell, request, plan))
          : Optional.empty();
    } catch (InvalidConfigurationException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private static String model(
      String study, GridCell cell, Map<String, String> models, List<FieldProblem> problems) {
    String model = StudyGrid.model(study, cell);
    String other = models.putIfAbsent(model, cell.label());
    if (other != null) {
      problems.add(
          new FieldProblem(
              "label",
              cell.label(),
              "makes the same model name as '"
                  + other
                  + "', "
                  + model
                  + "; labels differ in letters or digits"));
    } else if (!ModelReference.isName(model)) {
      problems.add(
          new FieldProblem(
              "label",
              cell.label(),
              "makes the model name %s of %d characters, 64 are most; shorten the study's name or the label"
                  .formatted(model, model.length())));
      return "model";
    }
    return model;
  }

  /** Weights fit the same network; T and the neuron's constants have none. */
  private static void inheritable(
      TrainingJobs.Plan child,
      TrainingJobs.Plan parent,
      String label,
      List<FieldProblem> problems) {
    NetworkConfig to = child.network();
    NetworkConfig from = parent.network();
    same("network.imageHeight", to.imageHeight(), from.imageHeight(), label, problems);
    same("network.imageWidth", to.imageWidth(), from.imageWidth(), label, problems);
    same("network.patchSize", to.patchSize(), from.patchSize(), label, problems);
    same("network.embeddingDim", to.embeddingDim(), from.embeddingDim(), label, problems);
    same("network.depths", to.depths(), from.depths(), label, problems);
    same("network.expansionRatio", to.expansionRatio(), from.expansionRatio(), label, problems);
    same("network.patchEncoding", to.patchEncoding(), from.patchEncoding(), label, problems);
    same("network.skips", to.skips(), from.skips(), label, problems);
    same("dataSet", child.labels(), parent.labels(), label, problems);
  }

  private static void same(
      String field, Object to, Object from, String parent, List<FieldProblem> problems) {
    if (!to.equals(from)) {
      problems.add(
          new FieldProblem(
              field,
              to.toString(),
              "cell '"
                  + parent
                  + "', which it inherits from, has "
                  + from
                  + ", and its weights fit nothing else"));
    }
  }
}
