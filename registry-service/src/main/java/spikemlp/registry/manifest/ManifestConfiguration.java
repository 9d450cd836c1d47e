package spikemlp.registry.manifest;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The registry's signing key, beside the platform's. */
@Configuration(proxyBeanMethods = false)
class ManifestConfiguration {

  @Bean
  SigningKey signingKey(@Value("${spikemlp.security.key-directory}") Path directory) {
    return SigningKey.loadOrCreate(directory);
  }
}
