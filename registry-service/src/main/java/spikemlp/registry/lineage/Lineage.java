package spikemlp.registry.lineage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.Provenance;
import spikemlp.registry.StoredJson;
import spikemlp.registry.lineage.LineageGraph.Edge;
import spikemlp.registry.lineage.LineageGraph.Kind;
import spikemlp.registry.lineage.LineageGraph.Node;
import spikemlp.registry.lineage.LineageGraph.Relation;
import spikemlp.registry.version.Versions;

/** Walks from a version to its parents and to what came of it; each version is visited once. */
@Component
class Lineage {

  static final int MOST_VERSIONS = 200;

  private static final String SELECT =
      """
      select m.name as model, v.version, v.state, v.source_job_id, v.created_at,
             v.deleted_at is not null as deleted, v.card -> 'provenance' as provenance,
             v.parent_check
        from model_version v join model m on m.id = v.model_id
      """;

  private record Key(String model, int version) {
    String id() {
      return "version:" + model + ":" + version;
    }
  }

  private record Row(
      Key key,
      String state,
      String job,
      Instant createdAt,
      boolean deleted,
      Provenance provenance,
      Optional<String> parentCheck) {

    Optional<Key> parent() {
      return Optional.ofNullable(provenance.parent())
          .map(parent -> new Key(parent.model(), parent.version()));
    }
  }

  private final JdbcClient jdbc;
  private final Versions versions;
  private final StoredJson json;

  Lineage(JdbcClient jdbc, Versions versions, StoredJson json) {
    this.jdbc = jdbc;
    this.versions = versions;
    this.json = json;
  }

  /**
   * The version's lineage.
   *
   * @throws spikemlp.problem.ProblemException 404 as {@link Versions#get}
   */
  LineageGraph of(String model, int version) {
    versions.get(model, version);
    Key root = new Key(model, version);
    Map<Key, Optional<Row>> found = new LinkedHashMap<>();
    boolean allParents = up(root, found);
    boolean allChildren = down(root, found);
    return graph(root, found, allParents && allChildren);
  }

  private boolean up(Key root, Map<Key, Optional<Row>> found) {
    Optional<Key> next = Optional.of(root);
    while (next.isPresent() && !found.containsKey(next.get())) {
      if (found.size() == MOST_VERSIONS) {
        return false;
      }
      Optional<Row> row = find(next.get());
      found.put(next.get(), row);
      next = row.flatMap(Row::parent);
    }
    return true;
  }

  private boolean down(Key root, Map<Key, Optional<Row>> found) {
    Queue<Key> waiting = new ArrayDeque<>(List.of(root));
    while (!waiting.isEmpty()) {
      for (Row child : children(waiting.remove())) {
        if (found.containsKey(child.key())) {
          continue;
        }
        if (found.size() == MOST_VERSIONS) {
          return false;
        }
        found.put(child.key(), Optional.of(child));
        waiting.add(child.key());
      }
    }
    return true;
  }

  private Optional<Row> find(Key key) {
    return jdbc.sql(SELECT + " where m.name = ? and v.version = ?")
        .params(key.model(), key.version())
        .query(this::read)
        .optional();
  }

  private List<Row> children(Key parent) {
    return jdbc.sql(
            SELECT + " where v.parent_model = ? and v.parent_version = ? order by v.id limit ?")
        .params(parent.model(), parent.version(), MOST_VERSIONS)
        .query(this::read)
        .list();
  }

  private Row read(ResultSet row, int number) throws SQLException {
    return new Row(
        new Key(row.getString("model"), row.getInt("version")),
        row.getString("state"),
        row.getString("source_job_id"),
        row.getTimestamp("created_at").toInstant(),
        row.getBoolean("deleted"),
        json.read(row.getString("provenance"), Provenance.class),
        Optional.ofNullable(row.getString("parent_check")));
  }

  private static LineageGraph graph(Key root, Map<Key, Optional<Row>> found, boolean complete) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    List<Edge> edges = new ArrayList<>();
    found.forEach((key, row) -> {
      nodes.put(key.id(), node(key, row));
      row.ifPresent(known -> origins(known, nodes, edges, found));
    });
    return new LineageGraph(root.id(), List.copyOf(nodes.values()), edges, complete);
  }

  private static Node node(Key key, Optional<Row> row) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("model", key.model());
    properties.put("version", key.version());
    properties.put("known", row.isPresent());
    row.ifPresent(known -> {
      properties.put("state", known.state());
      properties.put("deleted", known.deleted());
      properties.put("createdAt", known.createdAt());
    });
    return new Node(key.id(), Kind.VERSION, properties);
  }

  private static void origins(
      Row row, Map<String, Node> nodes, List<Edge> edges, Map<Key, Optional<Row>> found) {
    Provenance provenance = row.provenance();
    Node job = new Node("job:" + row.job(), Kind.JOB, Map.of());
    Node data =
        new Node("data:" + provenance.dataHash(), Kind.DATA, Map.of("name", provenance.dataSet()));
    nodes.putIfAbsent(job.id(), job);
    nodes.putIfAbsent(data.id(), data);
    edges.add(new Edge(job.id(), row.key().id(), Relation.PRODUCED, Map.of()));
    edges.add(new Edge(data.id(), row.key().id(), Relation.TRAINED_ON, Map.of()));
    Parent parent = provenance.parent();
    if (parent != null && found.containsKey(row.parent().orElseThrow())) {
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("mode", parent.mode());
      properties.put("timeSteps", parent.timeSteps());
      properties.put("checkpointSha256", parent.checkpointSha256());
      row.parentCheck().ifPresent(check -> properties.put("check", check));
      edges.add(
          new Edge(
              row.parent().orElseThrow().id(), row.key().id(), Relation.STARTED_FROM, properties));
    }
  }
}
