package spikemlp.inference.http;

import org.eclipse.jetty.server.Handler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import spikemlp.inference.serve.RequestProperties;

@Configuration(proxyBeanMethods = false)
class HttpServerConfiguration {

  /** The server; handlers that are beans see a request before a thread of its own does. */
  @Bean
  JettyServletWebServerFactory jetty(
      RequestProperties requests, ObjectProvider<Handler.Singleton> handlers) {
    JettyFactory factory = new JettyFactory(requests.pauseWithin());
    factory.addServerCustomizers(server -> {
      server.setErrorHandler(new ProblemErrorHandler());
      server.insertHandler(new VirtualThreadHandler());
      handlers.orderedStream().forEach(server::insertHandler);
      server.insertHandler(
          new UnreadBodyHandler(requests.largest().toBytes(), requests.arriveWithin()));
    });
    return factory;
  }
}
