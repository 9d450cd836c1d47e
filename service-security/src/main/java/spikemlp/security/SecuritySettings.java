package spikemlp.security;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code spikemlp.security.*}.
 *
 * @param keyDirectory where the platform's key is, or is made
 * @param issuer an OpenID issuer whose tokens are accepted beside the platform's; null for none
 * @param audience what a token's {@code aud} claim must hold when the OpenID issuer signed it
 */
@ConfigurationProperties("spikemlp.security")
record SecuritySettings(
    Path keyDirectory,
    @Nullable URI issuer,
    @DefaultValue(PlatformTokens.AUDIENCE) String audience) {

  @SuppressWarnings("ConstantValue") // the binder passes null for what is not configured
  SecuritySettings {
    if (keyDirectory == null) {
      throw new IllegalArgumentException(
          "spikemlp.security.key-directory is not set; it is the folder of the platform's key");
    }
    if (issuer != null
        && !(("https".equals(issuer.getScheme()) || "http".equals(issuer.getScheme()))
            && issuer.getHost() != null)) {
      throw new IllegalArgumentException(
          "spikemlp.security.issuer must be the https URL of an OpenID issuer, not " + issuer);
    }
  }
}
