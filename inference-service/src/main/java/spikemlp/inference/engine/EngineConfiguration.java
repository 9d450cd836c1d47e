package spikemlp.inference.engine;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EngineProperties.class)
class EngineConfiguration {

  /** Closed before the sessions that it computes with. */
  @Bean
  @DependsOn("loadedModels")
  ComputePool computePool(EngineProperties properties) {
    Carriers.oneMoreThan(properties.computing());
    return new ComputePool(properties.computing());
  }

  @Bean
  LoadedModels loadedModels(EngineProperties properties) {
    return new LoadedModels(
        properties.loadedVersions(), properties.places(), properties.batching(), Clock.systemUTC());
  }
}
