package spikemlp.registry.artifact;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses where artifacts lie. */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {

  @Bean
  ArtifactStorage artifactStorage(ArtifactProperties properties, S3Properties s3) {
    String bucket = s3.bucket();
    return bucket == null
        ? new FileStorage(properties.artifactDirectory())
        : new S3Storage(s3, bucket);
  }
}
