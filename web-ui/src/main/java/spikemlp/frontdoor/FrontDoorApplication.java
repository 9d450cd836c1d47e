package spikemlp.frontdoor;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** The front door: the page and the routes to the three services. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(FrontDoorProperties.class)
public class FrontDoorApplication {

  /** Tomcat's own refusals look like everybody else's. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> refusals() {
    return factory ->
        factory.addContextCustomizers(context ->
            ((StandardHost) context.getParent())
                .setErrorReportValveClass(ProblemErrorValve.class.getName()));
  }

  /**
   * Bodies pass on unparsed whatever they are called: curl calls what it sends a form, and the
   * gateway asks for parameters, for which Tomcat would read it.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> unparsedForms() {
    return factory ->
        factory.addConnectorCustomizers(connector -> connector.setParseBodyMethods(""));
  }

  /** The front door with its configuration {@code frontdoor.yaml}, for {@code run}. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(FrontDoorApplication.class)
        .properties("spring.config.name=frontdoor");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
