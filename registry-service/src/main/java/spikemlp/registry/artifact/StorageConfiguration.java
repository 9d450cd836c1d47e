package spikemlp.registry.artifact;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Chooses where artifacts lie. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class StorageConfiguration {

  @Bean
  ArtifactStorage artifactStorage(ArtifactProperties properties) {
    return new FileStorage(properties.artifactDirectory());
  }
}
