package spikemlp.inference.model;

import java.time.Clock;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;
import spikemlp.security.ServiceToken;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  ModelProperties.class,
  PrecisionProperties.class,
  TrafficProperties.class
})
class ModelConfiguration {

  @Bean
  ServedModels servedModels(
      ModelProperties properties,
      PrecisionProperties precisions,
      TrafficProperties traffic,
      LoadedModels loaded,
      PlatformTokens tokens) {
    ServiceToken token =
        new ServiceToken(tokens, Clock.systemUTC(), "inference", Set.of(Scope.READ));
    ArtifactCache cache =
        new ArtifactCache(properties.cacheDirectory(), properties.largestModel().toBytes());
    RegistryClient registry = new RegistryClient(properties, token::bearer);
    ModelSource source =
        new ModelSource(registry, cache, properties.resolvedFor(), System::nanoTime);
    return new ServedModels(source, loaded, precisions, traffic);
  }
}
