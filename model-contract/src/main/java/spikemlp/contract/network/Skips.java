package spikemlp.contract.network;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which skip connections a mixer has; all 16 combinations are valid.
 *
 * @param pt the stage's patch state h joins before the token block's neuron
 * @param pc the stage's patch state h joins before the channel block's neuron
 * @param tc the token block's state t joins before the channel block's neuron
 * @param ct the previous mixer's channel state c joins before the token block's neuron
 */
public record Skips(boolean pt, boolean pc, boolean tc, boolean ct) {

  /** PT + PC + TC, the paper's best. */
  public static final Skips DEFAULT = new Skips(true, true, true, false);

  /** No skip connection but the first mixer's h, which is always added. */
  public static final Skips NONE = new Skips(false, false, false, false);

  /**
   * The skips of those names, such as {@code PT+PC+TC}; {@code none} for none.
   *
   * @throws InvalidConfigurationException if a name is none of PT, PC, TC, CT
   */
  public static Skips named(String names) {
    Set<String> wanted =
        names.isBlank() || names.equalsIgnoreCase("none")
            ? Set.of()
            : new HashSet<>(List.of(names.toUpperCase(Locale.ROOT).split("[+,]")));
    if (!Set.of("PT", "PC", "TC", "CT").containsAll(wanted)) {
      throw new InvalidConfigurationException(
          List.of(
              new FieldProblem(
                  "skips", names, "skips are PT, PC, TC and CT joined by '+', or none")));
    }
    return new Skips(
        wanted.contains("PT"), wanted.contains("PC"), wanted.contains("TC"), wanted.contains("CT"));
  }

  /** The names of the connections present, such as {@code PT+PC+TC}, or {@code none}. */
  @Override
  public String toString() {
    String joined = (pt ? "+PT" : "") + (pc ? "+PC" : "") + (tc ? "+TC" : "") + (ct ? "+CT" : "");
    return joined.isEmpty() ? "none" : joined.substring(1);
  }
}
