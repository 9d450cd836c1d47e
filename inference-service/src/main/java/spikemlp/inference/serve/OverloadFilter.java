package spikemlp.inference.serve;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.engine.ServedVersion;
import spikemlp.inference.model.ServedModels;
import spikemlp.problem.Problems;

/**
 * Refuses what would find no place before anything else is done for it, its token not looked at: a
 * refusal must cost next to nothing, or refusals take the time of the answers. It is told after a
 * moment, on a virtual thread that sleeps: a client that asks again at once would take the cores
 * from those that compute. Whoever passes has a {@link Ticket}, and may be refused all the same by
 * {@link InferencePipeline#refuseIfFull}. Models that have not answered yet are not bounded here.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OverloadFilter extends OncePerRequestFilter {

  private static final Pattern INFERENCE =
      Pattern.compile("/v2/models/([^/]+)(?:/versions/([^/]+))?/infer|/api/v1/classify/([^/]+)");

  /** Far less than {@code Retry-After} asks for, far more than a refusal costs. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final ServedModels models;
  private final LoadedModels loaded;
  private final InferenceMetrics metrics;
  private final Map<ModelReference, AtomicInteger> given = new ConcurrentHashMap<>();

  OverloadFilter(ServedModels models, LoadedModels loaded, InferenceMetrics metrics) {
    this.models = models;
    this.loaded = loaded;
    this.metrics = metrics;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<ModelReference> wanted = wanted(request);
    List<ServedVersion> answered = wanted.map(models::answered).orElse(List.of());
    if (answered.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    AtomicInteger tickets =
        given.computeIfAbsent(wanted.orElseThrow(), unasked -> new AtomicInteger());
    try (Ticket ticket = new Ticket(tickets)) {
      // Which of the files a body asks for is not known before it is read.
      List<LoadedModels.Room> rooms = answered.stream().map(loaded::room).toList();
      int places = rooms.stream().mapToInt(LoadedModels.Room::places).max().orElseThrow();
      if (ticket.number() > places || rooms.stream().allMatch(LoadedModels.Room::full)) {
        ticket.close();
        refuse(request, response);
      } else {
        ticket.belongsTo(request);
        chain.doFilter(request, response);
      }
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
    metrics.refused("overloaded");
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the service stops: told at once
    }
    response.setHeader(HttpHeaders.RETRY_AFTER, Failure.RETRY_AFTER);
    Problems.write(
        request,
        response,
        HttpStatus.SERVICE_UNAVAILABLE,
        "overloaded",
        "every place of the model is taken; try again later");
  }

  /** What the request would compute on; empty if it cannot be told, or the query names a file. */
  private static Optional<ModelReference> wanted(HttpServletRequest request) {
    String query = request.getQueryString();
    if (!HttpMethod.POST.matches(request.getMethod())
        || (query != null && query.contains("precision"))) {
      return Optional.empty();
    }
    Matcher path = INFERENCE.matcher(request.getRequestURI());
    if (!path.matches()) {
      return Optional.empty();
    }
    String model = path.group(3) == null ? path.group(1) : path.group(3);
    try {
      return Optional.of(
          ModelReference.parse(path.group(2) == null ? model : model + ":" + path.group(2)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // its own error is told further in
    }
  }
}
