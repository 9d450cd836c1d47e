package spikemlp.trainer;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;
import spikemlp.problem.DatabaseAdvice;
import spikemlp.security.ResourceServerConfiguration;
import spikemlp.signal.Signals;

/** The trainer service. Its configuration is {@code trainer.yaml}. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import({ResourceServerConfiguration.class, DatabaseAdvice.class, Signals.class})
public class TrainerApplication {

  /** The service, ready to run in a process of its own or beside others. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(TrainerApplication.class)
        .properties("spring.config.name=trainer");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
