package spikemlp.contract.registry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change in the registry, as the event stream and webhooks tell it.
 *
 * @param id rises from event to event in the order of the changes; not every number is used
 * @param at when the change was committed, or shortly before
 * @param kind what happened, such as {@link #ALIAS_MOVED}
 * @param model the registered model
 * @param version the version concerned, which for an alias is where it points, or pointed last
 * @param alias the alias concerned, or null
 * @param detail what else there is to say, such as {@code from} and {@code to} of an alias
 */
public record RegistryEvent(
    long id,
    Instant at,
    String kind,
    String model,
    @Nullable Integer version,
    @Nullable String alias,
    Map<String, Object> detail) {

  public static final String VERSION_CREATED = "version.created";
  public static final String VERSION_CHANGED = "version.changed";
  public static final String VERSION_TAGGED = "version.tagged";
  public static final String VERSION_DELETED = "version.deleted";
  public static final String VERSION_UNDELETED = "version.undeleted";
  public static final String VERSION_PURGED = "version.purged";
  public static final String VERSION_DAMAGED = "version.damaged";
  public static final String VERSION_REPAIRED = "version.repaired";
  public static final String ALIAS_MOVED = "alias.moved";
  public static final String ALIAS_REMOVED = "alias.removed";

  public RegistryEvent {
    detail = Map.copyOf(detail);
  }
}
