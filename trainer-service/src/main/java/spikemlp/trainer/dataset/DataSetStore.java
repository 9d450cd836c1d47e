package spikemlp.trainer.dataset;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.query.PageToken;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Uploaded data sets in the database, and who uses them. */
@Component
public class DataSetStore {

  /**
   * A data set to be recorded.
   *
   * @param sha256 of the archive
   * @param bytes the archive's
   */
  record Addition(
      String id,
      String name,
      String sha256,
      long bytes,
      DataSetContent content,
      String createdBy) {}

  /** A job that has not ended, or can be resumed, may read its data set again. */
  private static final String UNFINISHED =
      "j.state in ('QUEUED', 'RUNNING', 'STOPPING', 'RECOVERING', 'STOPPED')";

  private static final String DATA_SETS =
      """
      select d.*,
        (select count(*) from training_jobs j
         where j.request #>> '{dataSet,id}' = d.id and %s) as unfinished_jobs
      from data_sets d
      """
          .formatted(UNFINISHED);

  private static final int MOST_NAMED = 100;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final TypeReference<List<ClassCount>> CLASSES = new TypeReference<>() {};
  private static final TypeReference<List<BadImage>> BAD_IMAGES = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;

  DataSetStore(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Whether a text can be the id of a data set. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Records a data set, its file put in place before the record can be seen.
   *
   * @param keepFile puts the file in place; if it fails, nothing is recorded
   * @return false if the name is taken; the file was not touched then
   */
  @Transactional
  boolean add(Addition set, Runnable keepFile) {
    int inserted =
        jdbc.sql(
                """
                insert into data_sets
                  (id, name, sha256, bytes, height, width, classes, bad_images, bad_image_count,
                   created_by)
                values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)
                on conflict (name) do nothing
                """)
            .param(set.id())
            .param(set.name())
            .param(set.sha256())
            .param(set.bytes())
            .param(set.content().height())
            .param(set.content().width())
            .param(json.writeValueAsString(set.content().classes()))
            .param(json.writeValueAsString(set.content().badImages()))
            .param(set.content().badImageCount())
            .param(set.createdBy())
            .update();
    if (inserted == 1) {
      keepFile.run();
    }
    return inserted == 1;
  }

  /**
   * Does something while no data set is added or deleted by any trainer.
   *
   * @param action is given the ids of all data sets
   */
  @Transactional
  <T> T alone(Function<Set<String>, T> action) {
    jdbc.sql("lock table data_sets in share row exclusive mode").update();
    return action.apply(
        jdbc.sql("select id from data_sets").query((row, n) -> row.getString("id")).set());
  }

  /** The data set of that id. */
  Optional<DataSetDetail> find(String id) {
    return isId(id)
        ? jdbc.sql(DATA_SETS + "where d.id = ?").param(id).query((row, n) -> detail(row)).optional()
        : Optional.empty();
  }

  /**
   * The data set of that id.
   *
   * @throws ProblemException 404 {@code dataset-not-found}
   */
  DataSetDetail require(String id) {
    return find(id).orElseThrow(() -> notFound(id));
  }

  static ProblemException notFound(String id) {
    return new ProblemException(
        HttpStatus.NOT_FOUND,
        "dataset-not-found",
        "there is no data set " + InvalidArchive.shown(id));
  }

  /** The data set of that name. */
  Optional<DataSetDetail> named(String name) {
    return jdbc.sql(DATA_SETS + "where d.name = ?")
        .param(name)
        .query((row, n) -> detail(row))
        .optional();
  }

  /** A page of data sets, newest first. */
  DataSetPage page(int limit, Optional<PageToken> after) {
    String from = after.isPresent() ? "where (d.created_at, d.id) < (?, ?) " : "";
    JdbcClient.StatementSpec query =
        jdbc.sql(DATA_SETS + from + "order by d.created_at desc, d.id desc limit ?");
    if (after.isPresent()) {
      query = query.param(after.get().createdAt().atOffset(ZoneOffset.UTC)).param(after.get().id());
    }
    List<DataSetSummary> found =
        new ArrayList<>(query.param(limit + 1).query((row, n) -> detail(row).summary()).list());
    @Nullable String next = null;
    if (found.size() > limit) {
      found.removeLast();
      next = new PageToken(found.getLast().createdAt(), found.getLast().id()).text();
    }
    return new DataSetPage(found, next);
  }

  /**
   * Keeps the data set that a job is submitted for from being deleted until the running transaction
   * ends; from then on the job does.
   *
   * @throws InvalidConfigurationException if it is not there
   */
  @Transactional
  public void hold(@Nullable DataSetSpec spec) {
    String id = spec == null ? null : spec.id();
    if (id != null
        && jdbc.sql("select id from data_sets where id = ? for share")
            .param(id)
            .query(String.class)
            .optional()
            .isEmpty()) {
      throw new InvalidConfigurationException(List.of(unknown(id).below("dataSet")));
    }
  }

  /** That there is no data set of an id that a request names. */
  static FieldProblem unknown(String id) {
    return new FieldProblem(
        "id",
        InvalidArchive.shown(id),
        "there is no such data set; GET /api/v1/datasets lists those that there are");
  }

  /**
   * Deletes a data set's record; its file is the caller's to remove afterwards.
   *
   * @throws ProblemException 404 {@code dataset-not-found}, 409 {@code dataset-in-use}
   */
  @Transactional
  void delete(String id) {
    boolean there =
        jdbc.sql("select id from data_sets where id = ? for update")
            .param(id)
            .query(String.class)
            .optional()
            .isPresent();
    if (!there) {
      throw notFound(id);
    }
    refuseIfUsed(id);
    jdbc.sql("delete from data_sets where id = ?").param(id).update();
  }

  private void refuseIfUsed(String id) {
    List<String> jobs =
        jdbc.sql(
                "select j.id from training_jobs j where j.request #>> '{dataSet,id}' = ? and "
                    + UNFINISHED
                    + " order by j.created_at, j.id limit "
                    + MOST_NAMED)
            .param(id)
            .query((row, n) -> row.getString("id"))
            .list();
    List<String> studies =
        jdbc.sql(
                """
                select distinct s.id from studies s
                join study_runs r on r.study_id = s.id and r.job_id is null and r.failure is null
                where not s.stopped and r.request #>> '{dataSet,id}' = ?
                order by s.id limit %d
                """
                    .formatted(MOST_NAMED))
            .param(id)
            .query((row, n) -> row.getString("id"))
            .list();
    if (!jobs.isEmpty() || !studies.isEmpty()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "dataset-in-use",
          "data set "
              + id
              + " is used by"
              + (jobs.isEmpty() ? "" : " the unfinished jobs " + String.join(", ", jobs))
              + (jobs.isEmpty() || studies.isEmpty() ? "" : " and")
              + (studies.isEmpty() ? "" : " waiting runs of the studies ")
              + String.join(", ", studies)
              + "; delete it when they have ended",
          Map.of("jobs", jobs, "studies", studies));
    }
  }

  private DataSetDetail detail(ResultSet row) throws SQLException {
    List<ClassCount> classes = json.readValue(row.getString("classes"), CLASSES);
    DataSetSummary summary =
        new DataSetSummary(
            row.getString("id"),
            row.getString("name"),
            row.getString("sha256"),
            row.getLong("bytes"),
            row.getInt("height"),
            row.getInt("width"),
            classes.size(),
            classes.stream().mapToInt(ClassCount::train).sum(),
            classes.stream().mapToInt(ClassCount::test).sum(),
            row.getInt("bad_image_count"),
            row.getObject("created_at", OffsetDateTime.class).toInstant(),
            row.getString("created_by"),
            row.getInt("unfinished_jobs"));
    return new DataSetDetail(
        summary, classes, json.readValue(row.getString("bad_images"), BAD_IMAGES));
  }
}
