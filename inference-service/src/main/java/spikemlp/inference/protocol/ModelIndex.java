package spikemlp.inference.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.engine.ServedVersion;
import spikemlp.inference.model.RegistryUnavailableException;
import spikemlp.inference.model.ServedModels;

/** The models that may be asked for, and which of their versions are in memory. */
@Component
final class ModelIndex {

  private static final Logger log = LoggerFactory.getLogger(ModelIndex.class);

  private final ServedModels models;

  /**
   * A model, or one of its versions.
   *
   * @param name the registered model
   * @param version its number; absent for a model with no version in memory
   * @param state READY, LOADING or UNAVAILABLE
   * @param reason why it is not READY
   */
  record Entry(String name, Optional<String> version, String state, String reason) {

    private static Entry of(ServedVersion version, String state, String reason) {
      return new Entry(
          version.model(), Optional.of(Integer.toString(version.version())), state, reason);
    }
  }

  ModelIndex(ServedModels models) {
    this.models = models;
  }

  /** The versions of a model that are in memory. */
  List<String> versions(String model) {
    return models.loaded().stream()
        .map(LoadedModels.Loaded::version)
        .filter(version -> version.model().equals(model))
        .map(version -> Integer.toString(version.version()))
        .sorted()
        .toList();
  }

  /**
   * The index.
   *
   * @param ready whether to leave out what is not READY
   */
  List<Entry> entries(boolean ready) {
    List<Entry> entries = new ArrayList<>();
    models.loaded().forEach(loaded -> entries.add(Entry.of(loaded.version(), "READY", "")));
    if (ready) {
      return entries;
    }
    models
        .unloaded()
        .forEach(one ->
            entries.add(
                Entry.of(
                    one.version(),
                    one.reason().isEmpty() ? "LOADING" : "UNAVAILABLE",
                    one.reason().orElse("it is being loaded"))));
    for (RegisteredModel model : registered()) {
      if (entries.stream().noneMatch(entry -> entry.name().equals(model.name()))) {
        entries.add(
            new Entry(
                model.name(),
                Optional.empty(),
                "UNAVAILABLE",
                model.versions() == 0
                    ? "it has no version yet"
                    : "not in memory; loaded when it is first asked for"));
      }
    }
    return entries;
  }

  private List<RegisteredModel> registered() {
    try {
      return models.registered();
    } catch (RegistryUnavailableException e) {
      log.warn("the index has only what is in memory: {}", e.getMessage());
      return List.of();
    }
  }
}
