package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.run.FlowRunner;
import dev.qwenmcp.server.flow.run.FlowTool;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.flow.sample.ShopFaq;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything about flows, wired to the tools that their steps call. */
public final class FlowTools {
  private final List<Tool<?, ?>> steps;
  private final FlowRunner runner;
  private final FlowLibrary library;
  private final RunStore store;

  /**
   * @param steps the tools that steps may call
   * @param store of runs
   * @param folder of the user's flows; it need not exist
   */
  public FlowTools(List<? extends Tool<?, ?>> steps, RunStore store, Optional<Path> folder) {
    this.steps = List.copyOf(steps);
    this.store = store;
    Map<String, FlowTool> tools = new LinkedHashMap<>();
    for (RegisteredTool<?, ?> tool : new ToolRegistry(steps).tools()) {
      tools.put(tool.spec().name(), new CalledTool(tool));
    }
    this.runner =
        new FlowRunner(
            tools,
            Map.of(
                ShopFaq.SAMPLE, new LazyValue<>(() -> ShopFaq.load().batches()),
                ShopFaq.UNFINISHED, new LazyValue<>(() -> ShopFaq.load().unfinished())),
            store,
            new SecureRandom(),
            InstantSource.system());
    this.library = new FlowLibrary(folder, runner::surroundings);
  }

  /** The steps' tools and those for flows, in the order in which clients list them. */
  public List<Tool<?, ?>> all() {
    List<Tool<?, ?>> all = new ArrayList<>(steps);
    all.add(
        new RunFlow(
            runner, library, steps.stream().anyMatch(tool -> tool.spec().hints().openWorld())));
    all.add(new ListFlows(library));
    all.add(new ListFlowRuns(store));
    return List.copyOf(all);
  }

  /** Each flow as a prompt. */
  public Prompts prompts() {
    return new FlowPrompts(library);
  }

  /** Runs flows. */
  public FlowRunner runner() {
    return runner;
  }

  /** The flows by name. */
  public FlowLibrary library() {
    return library;
  }
}
