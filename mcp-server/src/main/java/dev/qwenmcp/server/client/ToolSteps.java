package dev.qwenmcp.server.client;

import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Steps over the tools of an MCP server, in one context that is passed from step to step.
 *
 * <pre>{@code
 * Results results = ToolSteps.over(client)
 *     .step("intent", "understand", before -> Map.of("task", "classify", "text", question, "labels", labels))
 *     .step("found", "retrieve", before -> Map.of("collection", "bank"))
 *     .stepIf("reply", "answer", before -> !before.list("found", "passages").isEmpty(),
 *         before -> Map.of("collection", "bank", "use_found", true))
 *     .run();
 * String text = results.text("reply", "text");
 * }</pre>
 *
 * <p>For flows that outlast a crash, declare them and call the tool {@code run_flow}.
 */
public final class ToolSteps {
  private static final String CONTEXT = "context_id";

  private final McpSyncClient client;
  private final List<Step> steps = new ArrayList<>();
  private String contextId;

  private record Step(
      String id,
      String tool,
      Predicate<Results> when,
      Function<Results, Map<String, Object>> arguments) {}

  private ToolSteps(McpSyncClient client) {
    this.client = client;
  }

  /** Steps for a client that has been initialised. */
  public static ToolSteps over(McpSyncClient client) {
    return new ToolSteps(client);
  }

  /** Works in a context that is there already instead of one that the first step opens. */
  public ToolSteps in(String context) {
    this.contextId = context;
    return this;
  }

  /**
   * Adds a step.
   *
   * @param id its name in the results, unique
   * @param tool of the server
   * @param arguments made from the results before; {@code context_id} is added unless it is there
   */
  public ToolSteps step(String id, String tool, Function<Results, Map<String, Object>> arguments) {
    return stepIf(id, tool, results -> true, arguments);
  }

  /** Adds a step that is left out unless a condition holds. */
  public ToolSteps stepIf(
      String id,
      String tool,
      Predicate<Results> when,
      Function<Results, Map<String, Object>> arguments) {
    if (steps.stream().anyMatch(step -> step.id().equals(id))) {
      throw new IllegalArgumentException("another step is named " + id);
    }
    steps.add(new Step(id, tool, when, arguments));
    return this;
  }

  /**
   * Calls the tools one after the other.
   *
   * @throws ToolFailure if one answers with an error
   */
  public Results run() {
    Map<String, Map<?, ?>> done = new LinkedHashMap<>();
    Results results = new Results(done, Optional.ofNullable(contextId));
    for (Step step : steps) {
      if (step.when().test(results)) {
        Map<String, Object> arguments = new LinkedHashMap<>(step.arguments().apply(results));
        results.contextId().ifPresent(id -> arguments.putIfAbsent(CONTEXT, id));
        Map<?, ?> content = call(step, arguments);
        done.put(step.id(), content);
        Optional<String> context =
            content.get(CONTEXT) instanceof String id ? Optional.of(id) : results.contextId();
        results = new Results(done, context);
      }
    }
    return results;
  }

  private Map<?, ?> call(Step step, Map<String, Object> arguments) {
    CallToolResult result =
        client.callTool(CallToolRequest.builder(step.tool()).arguments(arguments).build());
    if (Boolean.TRUE.equals(result.isError())
        || !(result.structuredContent() instanceof Map<?, ?> content)) {
      String text =
          result.content().stream()
              .filter(TextContent.class::isInstance)
              .map(c -> ((TextContent) c).text())
              .collect(Collectors.joining("\n"));
      throw new ToolFailure(step.id(), step.tool(), text);
    }
    return content;
  }

  /**
   * What the steps gave.
   *
   * @param byStep structured content of each step that ran, in their order
   * @param contextId the context that they share, once a step has opened it
   */
  public record Results(Map<String, Map<?, ?>> byStep, Optional<String> contextId) {
    public Results {
      byStep = Collections.unmodifiableMap(byStep);
    }

    /** A member of a step's result. */
    public Optional<Object> value(String step, String member) {
      return Optional.<Map<?, ?>>ofNullable(byStep.get(step)).map(content -> content.get(member));
    }

    /** A member that is a text; empty if there is none. */
    public String text(String step, String member) {
      return value(step, member).map(String::valueOf).orElse("");
    }

    /** A member that is a list; empty if there is none. */
    public List<?> list(String step, String member) {
      return value(step, member)
          .filter(List.class::isInstance)
          .map(v -> (List<?>) v)
          .orElse(List.of());
    }
  }

  /** A tool answered with an error. */
  public static final class ToolFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String step;

    ToolFailure(String step, String tool, String message) {
      super("step " + step + ", " + tool + ": " + message);
      this.step = step;
    }

    /** The step that failed. */
    public String step() {
      return step;
    }
  }
}
