package spikemlp.inference.engine;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EngineProperties.class)
class EngineConfiguration {

  @Bean
  ComputeGate computeGate(EngineProperties properties) {
    return new ComputeGate(properties.computing(), properties.waiting());
  }

  @Bean
  LoadedModels loadedModels(EngineProperties properties) {
    return new LoadedModels(properties.loadedVersions(), Clock.systemUTC());
  }
}
