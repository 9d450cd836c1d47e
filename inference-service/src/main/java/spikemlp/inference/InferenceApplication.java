package spikemlp.inference;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;
import spikemlp.security.ResourceServerConfiguration;

/** The inference service: pictures in, labels and an energy estimate out. */
@SpringBootApplication(proxyBeanMethods = false)
@Import(ResourceServerConfiguration.class)
public class InferenceApplication {

  /** The service with its configuration {@code inference.yaml}, for {@code run}. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(InferenceApplication.class)
        .properties("spring.config.name=inference");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
