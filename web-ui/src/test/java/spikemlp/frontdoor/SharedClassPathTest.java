package spikemlp.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import java.util.Arrays;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.transaction.PlatformTransactionManager;

/** The libraries of the other services are on this test's class path, as in the launcher. */
class SharedClassPathTest {

  @Test
  void otherServicesLibrariesStartNothingHere() throws Exception {
    try (FrontDoorFixture door = new FrontDoorFixture()) {
      assertThat(door.context.getBeansOfType(DataSource.class)).isEmpty();
      assertThat(door.context.getBeansOfType(JobRepository.class)).isEmpty();
      assertThat(door.context.getBeansOfType(PlatformTransactionManager.class)).isEmpty();
      assertThat(door.context.getBeansOfType(FilterChainProxy.class)).isEmpty();
      assertThat(Arrays.asList(door.context.getBeanDefinitionNames()))
          .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("flyway"))
          .noneMatch(name -> name.contains("jwtDecoder"));
      assertThat(door.context.getBeansOfType(Filter.class).keySet())
          .noneMatch(name -> name.contains("springSecurity"));
    }
  }
}
