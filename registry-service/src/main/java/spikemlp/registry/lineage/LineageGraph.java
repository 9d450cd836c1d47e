package spikemlp.registry.lineage;

import java.util.List;
import java.util.Map;

/**
 * A version's lineage as a directed graph; edges lead from what was first to what came of it.
 *
 * @param root the version asked for
 * @param complete false if there are more versions than a graph holds
 */
record LineageGraph(String root, List<Node> nodes, List<Edge> edges, boolean complete) {

  /** What a node is. */
  enum Kind {
    VERSION,
    JOB,
    DATA
  }

  /**
   * A version, a training job or a data set's content.
   *
   * @param id unique in the graph, such as {@code version:digits:3}, {@code job:ID}, {@code
   *     data:SHA256}
   * @param properties of a version {@code model}, {@code version}, {@code known}, and if it is
   *     known {@code state}, {@code deleted}, {@code createdAt}; of data {@code name}
   */
  record Node(String id, Kind kind, Map<String, Object> properties) {}

  /**
   * How one came of another.
   *
   * @param properties of STARTED_FROM: {@code mode}, {@code timeSteps}, {@code checkpointSha256},
   *     and {@code check}, what was found of the parent when the child was registered
   */
  record Edge(String from, String to, Relation relation, Map<String, Object> properties) {}

  /** What an edge says. */
  enum Relation {
    TRAINED_ON,
    PRODUCED,
    STARTED_FROM
  }

  LineageGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }
}
