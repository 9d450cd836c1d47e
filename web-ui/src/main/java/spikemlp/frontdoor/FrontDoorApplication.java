package spikemlp.frontdoor;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The front door: the page and the routes to the three services. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(FrontDoorProperties.class)
public class FrontDoorApplication {

  /** The front door with its configuration {@code frontdoor.yaml}, for {@code run}. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(FrontDoorApplication.class)
        .properties("spring.config.name=frontdoor");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
