package spikemlp.inference.serve;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import spikemlp.inference.engine.ComputePool;
import spikemlp.inference.engine.EngineProperties;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.http.JettyFactory;
import spikemlp.inference.model.ServedModels;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RequestProperties.class)
class ServeConfiguration {

  @Bean
  RequestMemory requestMemory(RequestProperties properties) {
    return new RequestMemory(properties.memory().toBytes());
  }

  @Bean
  DecodePool decodePool(RequestProperties properties) {
    return new DecodePool(properties.decoders());
  }

  @Bean
  InferenceMetrics inferenceMetrics(
      MeterRegistry meters, ComputePool pool, LoadedModels loaded, RequestMemory memory) {
    return new InferenceMetrics(meters, pool, loaded, memory);
  }

  @Bean
  Shadows shadows(
      ServedModels models, ComputePool pool, InferenceMetrics metrics, EngineProperties engine) {
    return new Shadows(models, pool, metrics, engine.deadline());
  }

  @Bean
  InferencePipeline inferencePipeline(
      ServedModels models,
      ComputePool pool,
      DecodePool decoders,
      Shadows shadows,
      InferenceMetrics metrics,
      EngineProperties engine,
      RequestProperties requests,
      RequestMemory memory) {
    return new InferencePipeline(
        models, pool, decoders, shadows, metrics, engine, requests, memory);
  }

  @Bean
  JettyFactory httpServer(RequestProperties requests, OverloadHandler overload) {
    return new JettyFactory(
        new JettyFactory.Bounds(
            requests.largest().toBytes(), requests.arriveWithin(), requests.pauseWithin()),
        overload);
  }
}
