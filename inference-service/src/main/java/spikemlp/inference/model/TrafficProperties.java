package spikemlp.inference.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import spikemlp.contract.registry.ModelReference;

/**
 * Which references share their requests with other versions.
 *
 * @param rules at most one for a reference
 */
@ConfigurationProperties("spikemlp.inference.traffic")
record TrafficProperties(@DefaultValue List<Rule> rules) {

  /**
   * One reference's.
   *
   * @param reference {@code NAME} or {@code NAME@ALIAS}, exactly as requests say it
   * @param canary a version that answers a share of the requests, or null
   * @param shadow a version that computes a share of them and answers none, or null
   */
  record Rule(String reference, @Nullable Share canary, @Nullable Share shadow) {

    Rule {
      if (ModelReference.parse(reference).version() != null) {
        throw new IllegalArgumentException(
            "spikemlp.inference.traffic wants NAME or NAME@ALIAS, not '"
                + reference
                + "': a version number is answered by that version alone");
      }
      if (canary == null && shadow == null) {
        throw new IllegalArgumentException(
            "spikemlp.inference.traffic has a rule for '"
                + reference
                + "' with neither canary nor shadow");
      }
    }
  }

  /**
   * A version and its share of requests.
   *
   * @param version of the same model
   * @param share above 0, at most 1
   */
  record Share(int version, @DefaultValue("1") double share) {

    Share {
      if (version < 1 || !(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "spikemlp.inference.traffic wants a version from 1 and a share above 0 and at most 1,"
                + " not "
                + version
                + " and "
                + share);
      }
    }

    /**
     * Whether a request is in the share. The same key always is or never is; a larger share keeps
     * the keys of a smaller one.
     *
     * @param key what requests of one caller have in common; none draws anew each time
     */
    boolean takes(ModelReference reference, Optional<String> key) {
      double at = key.map(one -> hash(reference + "\n" + one)).orElseGet(Share::drawn);
      return at < share;
    }

    private static double drawn() {
      return ThreadLocalRandom.current().nextDouble();
    }

    /** Spread evenly over [0, 1). */
    private static double hash(String text) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  TrafficProperties {
    rules = List.copyOf(rules);
    Set<String> seen = new HashSet<>();
    for (Rule rule : rules) {
      if (!seen.add(rule.reference())) {
        throw new IllegalArgumentException(
            "spikemlp.inference.traffic has two rules for '" + rule.reference() + "'");
      }
    }
  }

  private Optional<Rule> rule(ModelReference reference) {
    String text = reference.toString();
    return rules.stream().filter(rule -> rule.reference().equals(text)).findFirst();
  }

  /** The version that a request goes to instead, if it is in the canary's share. */
  Optional<ModelReference> canary(ModelReference reference, Optional<String> key) {
    return rule(reference)
        .flatMap(rule -> Optional.ofNullable(rule.canary()))
        .filter(share -> share.takes(reference, key))
        .map(share -> new ModelReference(reference.name(), null, share.version()));
  }

  /** The version that computes a request beside the one that answers, if it is in its share. */
  Optional<ModelReference> shadow(ModelReference reference) {
    return rule(reference)
        .flatMap(rule -> Optional.ofNullable(rule.shadow()))
        .filter(share -> share.takes(reference, Optional.empty()))
        .map(share -> new ModelReference(reference.name(), null, share.version()));
  }
}
