package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.StartMode;

/**
 * The registered version whose weights a job starts from. With neither alias nor version: alias
 * {@code champion} if the model has it, else its newest READY version.
 *
 * @param model the registered model's name
 * @param alias the alias that points at the version when the job is submitted, or null
 * @param version the version's number, or null
 * @param mode what is taken over; null for {@link StartMode#INHERIT}
 */
public record StartSpec(
    String model, @Nullable String alias, @Nullable Integer version, @Nullable StartMode mode) {

  /** What is taken over. */
  public StartMode modeOrDefault() {
    return mode == null ? StartMode.INHERIT : mode;
  }
}
