package spikemlp.registry;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import spikemlp.problem.DatabaseAdvice;
import spikemlp.security.ResourceServerConfiguration;
import spikemlp.signal.Signals;

/** The registry service, configured by {@code registry.yaml}. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
@Import({ResourceServerConfiguration.class, DatabaseAdvice.class, Signals.class})
public class RegistryApplication {

  /** The application, ready to run alone or beside other services in one JVM. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(RegistryApplication.class)
        .properties("spring.config.name=registry");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
