package spikemlp.registry.alias;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.problem.ProblemException;
import spikemlp.registry.version.Models;

/** Where each alias has pointed; rows are added and never changed. */
@Component
class AliasHistory {

  /**
   * Some of an alias's moves, the latest first.
   *
   * @param next what {@code after} continues with; null if no older move is left
   */
  record History(List<AliasMove> items, @Nullable String next) {}

  private record Row(long id, AliasMove move) {}

  private final JdbcClient jdbc;
  private final Models models;

  AliasHistory(JdbcClient jdbc, Models models) {
    this.jdbc = jdbc;
    this.models = models;
  }

  /** Adds a move, within its transaction. */
  void append(
      long modelId,
      String alias,
      @Nullable Integer from,
      @Nullable Integer to,
      String actor,
      @Nullable String overrideReason) {
    jdbc.sql(
            """
            insert into alias_history
                   (model_id, alias, from_version, to_version, actor, override_reason)
            values (:model, :alias, :from, :to, :actor, :reason)
            """)
        .param("model", modelId)
        .param("alias", alias)
        .param("from", from)
        .param("to", to)
        .param("actor", actor)
        .param("reason", overrideReason)
        .update();
  }

  /**
   * The moves before the one that {@code after} names.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code alias-not-found} for an alias that
   *     never was
   */
  History page(String model, String alias, int limit, Optional<Long> after) {
    models.get(model);
    List<Row> rows =
        jdbc.sql(
                """
                select h.id, h.from_version, h.to_version, h.actor, h.moved_at, h.override_reason
                  from alias_history h join model m on m.id = h.model_id
                 where m.name = ? and h.alias = ? and h.id < ?
                 order by h.id desc limit ?
                """)
            .params(model, alias, after.orElse(Long.MAX_VALUE), limit + 1)
            .query((row, number) ->
                new Row(
                    row.getLong("id"),
                    new AliasMove(
                        row.getObject("from_version", Integer.class),
                        row.getObject("to_version", Integer.class),
                        row.getString("actor"),
                        row.getTimestamp("moved_at").toInstant(),
                        row.getString("override_reason"))))
            .list();
    if (rows.isEmpty() && after.isEmpty()) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND,
          "alias-not-found",
          "model '" + model + "' never had an alias '" + alias + "'");
    }
    List<AliasMove> moves = new ArrayList<>();
    rows.stream().limit(limit).forEach(row -> moves.add(row.move()));
    return new History(
        moves, rows.size() > limit ? String.valueOf(rows.get(limit - 1).id()) : null);
  }
}
