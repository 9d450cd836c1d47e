package spikemlp.contract.network;

import java.util.List;
import java.util.Locale;

/** The four networks the paper publishes, by name; at 224×224, patch 4, α = 3, T = 4. */
public enum Variant {
  MLP_SPE_T("mlp-spe-t", 78, List.of(2, 8, 14, 2), PatchEncoding.SPE),
  MLP_SPE_S("mlp-spe-s", 96, List.of(2, 8, 14, 2), PatchEncoding.SPE),
  MLP_SPE_B("mlp-spe-b", 108, List.of(2, 10, 24, 2), PatchEncoding.SPE),
  MLP_S("mlp-s", 96, List.of(2, 8, 14, 2), PatchEncoding.PARTITION);

  private final String label;
  private final int embeddingDim;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; its type does not say so
  private final List<Integer> depths;

  private final PatchEncoding patchEncoding;

  Variant(String label, int embeddingDim, List<Integer> depths, PatchEncoding patchEncoding) {
    this.label = label;
    this.embeddingDim = embeddingDim;
    this.depths = depths;
    this.patchEncoding = patchEncoding;
  }

  /** The published name in lower case, such as {@code mlp-spe-t}. */
  public String label() {
    return label;
  }

  /** This variant for square images of {@code size} pixels and {@code classes} classes. */
  public NetworkConfig configure(int size, int classes) {
    return NetworkConfig.of(size, size, 4, embeddingDim, depths, classes)
        .withPatchEncoding(patchEncoding);
  }

  /**
   * The variant of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  public static Variant named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-');
    for (Variant variant : values()) {
      if (variant.label.equals(wanted)) {
        return variant;
      }
    }
    throw new IllegalArgumentException(
        "no variant is named '" + name + "'; there are mlp-spe-t, mlp-spe-s, mlp-spe-b and mlp-s");
  }
}
