package spikemlp.registry.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of one kind of row.
 *
 * @param fields by name
 * @param families those with a key, such as {@code tags.team}, by the name before the dot
 * @param usual what rows are ordered by if nothing else is asked for
 */
public record FieldSet(Map<String, Field> fields, Map<String, Field> families, Order usual) {

  public FieldSet {
    fields = Map.copyOf(fields);
    families = Map.copyOf(families);
  }

  /** The set of these fields. */
  public static FieldSet of(List<Field> fields, List<Field> families, Order usual) {
    return new FieldSet(byName(fields), byName(families), usual);
  }

  /** The same fields and one of them under a second name. */
  public FieldSet alias(String name, String known) {
    Map<String, Field> more = new LinkedHashMap<>(fields);
    Map<String, Field> moreFamilies = new LinkedHashMap<>(families);
    Optional.ofNullable(fields.get(known)).ifPresent(field -> more.put(name, field));
    Optional.ofNullable(families.get(known)).ifPresent(field -> moreFamilies.put(name, field));
    return new FieldSet(more, moreFamilies, usual);
  }

  Optional<Field> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  Optional<Field> family(String name) {
    return Optional.ofNullable(families.get(name));
  }

  /** The names for people, such as {@code created, name, metrics.KEY, tags.KEY}. */
  String names() {
    List<String> names = new ArrayList<>(fields.keySet().stream().sorted().toList());
    families.keySet().stream().sorted().forEach(family -> names.add(family + ".KEY"));
    return String.join(", ", names);
  }

  private static Map<String, Field> byName(List<Field> fields) {
    Map<String, Field> named = new LinkedHashMap<>();
    fields.forEach(field -> named.put(field.name(), field));
    return named;
  }
}
