package dev.qwenmcp.server.flow.declaration;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a flow with the tools that there are: tools and arguments exist, references name inputs
 * and steps whose results are there by then, and members that these results have.
 */
public final class FlowCheck {
  private static final Set<String> FLOW_VALUES = Set.of("run_id", "context_id", "name");

  private final FlowReader.Read read;
  private final Function<String, Optional<ToolShape>> tools;
  private final Set<String> toolNames;
  private final Set<String> samples;
  private final FlowReader.Problems problems;

  /** Result schemas of the steps whose results can be referred to. */
  private final Map<String, Optional<ObjectNode>> visible = new HashMap<>();

  private final Set<String> variables = new HashSet<>();
  private final Set<String> everyStep = new HashSet<>();

  private FlowCheck(
      FlowReader.Read read,
      Function<String, Optional<ToolShape>> tools,
      Set<String> toolNames,
      Set<String> samples) {
    this.read = read;
    this.tools = tools;
    this.toolNames = toolNames;
    this.samples = samples;
    this.problems = new FlowReader.Problems(read.text());
  }

  /**
   * What flows may use.
   *
   * @param tools shapes of the tools that steps may call, by name
   * @param samples names of the values that come with the program
   */
  public record Surroundings(Map<String, ToolShape> tools, Set<String> samples) {}

  /**
   * Reads YAML or JSON and checks it.
   *
   * @throws FlowFormatException with everything that is wrong
   */
  public static Flow read(String declaration, Surroundings around) throws FlowFormatException {
    return checked(FlowReader.read(declaration), around);
  }

  /** The same for a declaration that came as JSON values. */
  public static Flow read(JsonNode declaration, Surroundings around) throws FlowFormatException {
    return checked(FlowReader.read(declaration), around);
  }

  private static Flow checked(FlowReader.Read read, Surroundings around)
      throws FlowFormatException {
    FlowCheck check =
        new FlowCheck(
            read,
            name -> Optional.ofNullable(around.tools().get(name)),
            new TreeSet<>(around.tools().keySet()),
            around.samples());
    check.all();
    check.problems.raise();
    return read.flow();
  }

  private void all() {
    Flow flow = read.flow();
    collectIds(flow.steps());
    flow.model().ifPresent(model -> references(model, "model"));
    steps(flow.steps());
    flow.output().ifPresent(output -> references(output, "output"));
  }

  private void collectIds(List<Step> steps) {
    for (Step step : steps) {
      everyStep.add(step.id());
      switch (step) {
        case Step.Call call -> {}
        case Step.Parallel parallel -> parallel.branches().forEach(this::collectIds);
        case Step.Loop loop -> collectIds(loop.steps());
      }
    }
  }

  private void steps(List<Step> steps) {
    for (Step step : steps) {
      step.when()
          .ifPresent(
              when -> when.eachReference(reference -> check(reference, step.path() + ".when")));
      switch (step) {
        case Step.Call call -> call(call);
        case Step.Parallel parallel -> parallel(parallel);
        case Step.Loop loop -> loop(loop);
      }
    }
  }

  private void call(Step.Call call) {
    Optional<ToolShape> tool = tools.apply(call.tool());
    if (tool.isEmpty()) {
      problems.add(
          call.path() + ".tool",
          call.tool().equals("run_flow")
              ? "flows do not call run_flow; write the other flow's steps here"
              : "there is no tool \"%s\" for flows; there are %s"
                  .formatted(call.tool(), String.join(", ", toolNames)));
    }
    call.arguments()
        .fields()
        .forEach((name, template) -> {
          String path = call.path() + ".with." + name;
          if (tool.isPresent() && !tool.get().takes(name)) {
            Set<String> known =
                new TreeSet<>(tool.get().arguments().path("properties").propertyNames());
            problems.add(
                path,
                "%s takes no such argument; expected one of %s"
                    .formatted(call.tool(), String.join(", ", known)));
          }
          references(template, path);
        });
    tool.ifPresent(shape -> requireArguments(call, shape));
    call.options().model().ifPresent(model -> references(model, call.path() + ".model"));
    visible.put(call.id(), tool.map(ToolShape::result));
  }

  private void requireArguments(Step.Call call, ToolShape shape) {
    for (JsonNode required : shape.arguments().path("required")) {
      if (!call.arguments().fields().containsKey(required.asString())) {
        problems.add(
            call.path(),
            "%s needs the argument %s; give it in with"
                .formatted(call.tool(), required.asString()));
      }
    }
  }

  private void parallel(Step.Parallel parallel) {
    Map<String, Optional<ObjectNode>> before = new HashMap<>(visible);
    Map<String, Optional<ObjectNode>> after = new HashMap<>(visible);
    for (List<Step> branch : parallel.branches()) {
      visible.clear();
      visible.putAll(before);
      steps(branch);
      after.putAll(visible);
    }
    visible.clear();
    visible.putAll(after);
  }

  private void loop(Step.Loop loop) {
    references(loop.items(), loop.path() + ".each");
    Map<String, Optional<ObjectNode>> before = new HashMap<>(visible);
    boolean added = variables.add(loop.variable());
    boolean index = variables.add("index");
    steps(loop.steps());
    loop.collected().ifPresent(kept -> references(kept, loop.path() + ".collect"));
    if (added) {
      variables.remove(loop.variable());
    }
    if (index) {
      variables.remove("index");
    }
    visible.clear();
    visible.putAll(before);
    visible.put(loop.id(), Optional.empty());
  }

  private void references(Template template, String path) {
    template.eachReference(reference -> check(reference, path));
  }

  private void check(Reference reference, String path) {
    for (Reference.Alternative alternative : reference.alternatives()) {
      if (alternative instanceof Reference.Path at) {
        check(at, path);
      }
    }
  }

  private void check(Reference.Path at, String path) {
    switch (at.root()) {
      case "inputs" -> {
        List<String> names = read.flow().inputs().stream().map(Flow.Input::name).toList();
        at.name(0)
            .filter(name -> !names.contains(name))
            .ifPresent(name ->
                problems.add(
                    path,
                    "%s: the flow has no input %s; it has %s"
                        .formatted(at, name, names.isEmpty() ? "none" : String.join(", ", names))));
      }
      case "steps" -> step(at, path);
      case "flow" -> requireOneOf(at, FLOW_VALUES, path);
      case "samples" -> requireOneOf(at, samples, path);
      default -> {
        if (!variables.contains(at.root())) {
          Set<String> known = new TreeSet<>(Set.of("inputs", "steps", "flow", "samples"));
          known.addAll(variables);
          problems.add(
              path, "%s: references begin with one of %s".formatted(at, String.join(", ", known)));
        }
      }
    }
  }

  private void requireOneOf(Reference.Path at, Set<String> names, String path) {
    if (at.name(0).filter(names::contains).isEmpty()) {
      problems.add(
          path,
          "%s: expected %s.%s".formatted(at, at.root(), String.join(" or ", new TreeSet<>(names))));
    }
  }

  private void step(Reference.Path at, String path) {
    Optional<String> id = at.name(0);
    if (id.isEmpty()) {
      problems.add(path, at + ": expected the name of a step, such as steps.found.passages");
      return;
    }
    if (!visible.containsKey(id.get())) {
      problems.add(
          path,
          everyStep.contains(id.get())
              ? "%s: the step %s has not run by then: it stands later, in another branch, or inside a loop"
                  .formatted(at, id.get())
              : "%s: there is no step %s; earlier ones are %s".formatted(at, id.get(), earlier()));
      return;
    }
    Optional<String> member = at.name(1);
    Optional<ObjectNode> schema = visible.get(id.get());
    if (member.isEmpty() || schema.isEmpty() || member.get().equals("error")) {
      return;
    }
    JsonNode properties = schema.get().path("properties");
    if (!properties.has(member.get())) {
      problems.add(
          path,
          "%s: the result of %s has no %s; it has %s"
              .formatted(
                  at,
                  id.get(),
                  member.get(),
                  String.join(", ", new TreeSet<>(properties.propertyNames()))));
    }
  }

  private String earlier() {
    return visible.isEmpty() ? "none" : String.join(", ", new TreeSet<>(visible.keySet()));
  }
}
