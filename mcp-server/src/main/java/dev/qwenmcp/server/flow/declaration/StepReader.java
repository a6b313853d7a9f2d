package dev.qwenmcp.server.flow.declaration;

import dev.qwenmcp.server.flow.declaration.Step.ContextUse;
import dev.qwenmcp.server.flow.declaration.Step.Options;
import dev.qwenmcp.server.flow.declaration.Step.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the steps of a flow. */
final class StepReader {
  private static final Set<String> CALL =
      Set.of(
          "id", "when", "tool", "with", "model", "retry", "timeout_seconds", "on_error", "context");
  private static final Set<String> PARALLEL = Set.of("id", "when", "parallel");
  private static final Set<String> LOOP =
      Set.of("id", "when", "each", "as", "most", "steps", "collect");
  private static final int LONGEST_SECONDS = 3600;

  private final FlowReader.Problems problems;
  private final Set<String> ids = new HashSet<>();
  private int count;
  private int depth;

  StepReader(FlowReader.Problems problems) {
    this.problems = problems;
  }

  List<Step> steps(JsonNode json, String path) {
    List<Step> steps = new ArrayList<>();
    if (json.isMissingNode()) {
      return steps;
    }
    if (!json.isArray() || json.isEmpty()) {
      problems.add(path, "expected a list of at least one step");
      return steps;
    }
    if (++depth > FlowLimits.STEP_DEPTH) {
      problems.add(
          path, "steps inside of steps go at most %d levels deep".formatted(FlowLimits.STEP_DEPTH));
    } else {
      for (int i = 0; i < json.size(); i++) {
        step(json.get(i), path + "[" + i + "]").ifPresent(steps::add);
      }
    }
    depth--;
    return steps;
  }

  private Optional<Step> step(JsonNode json, String path) {
    if (++count > FlowLimits.STEPS) {
      if (count == FlowLimits.STEPS + 1) {
        problems.add(path, "a flow has at most %d steps".formatted(FlowLimits.STEPS));
      }
      return Optional.empty();
    }
    if (!(json instanceof ObjectNode object)) {
      problems.add(path, "expected a step, such as {id: found, tool: retrieve, with: {…}}");
      return Optional.empty();
    }
    FieldsReader fields = new FieldsReader(object, path, problems);
    List<String> kinds = Stream.of("tool", "parallel", "each").filter(fields::has).toList();
    if (kinds.size() != 1) {
      problems.add(
          path,
          "a step has exactly one of the fields tool, parallel and each; this one has "
              + (kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
      return Optional.empty();
    }
    String id = id(fields);
    Optional<Condition> when =
        fields.has("when")
            ? new ConditionReader(problems).read(fields.get("when"), fields.path("when"))
            : Optional.empty();
    return Optional.of(
        switch (kinds.getFirst()) {
          case "tool" -> call(id, when, fields, path);
          case "parallel" -> parallel(id, when, fields, path);
          default -> loop(id, when, fields, path);
        });
  }

  private String id(FieldsReader fields) {
    String id = fields.name("id").orElse("");
    if (!id.isEmpty() && !ids.add(id)) {
      problems.add(
          fields.path("id"), "another step is named %s; names are unique in a flow".formatted(id));
    }
    return id;
  }

  private Step call(String id, Optional<Condition> when, FieldsReader fields, String path) {
    fields.onlyKnown(CALL);
    Map<String, Template> arguments = new LinkedHashMap<>();
    fields
        .object("with")
        .ifPresent(given ->
            given
                .properties()
                .forEach(each ->
                    arguments.put(
                        each.getKey(),
                        Template.of(
                            each.getValue(),
                            FlowText.join(fields.path("with"), each.getKey()),
                            problems))));
    Options options =
        new Options(
            fields.template("model"),
            retry(fields),
            seconds(fields, "timeout_seconds"),
            word(fields, "on_error", List.of("fail", "continue")).equals("continue"),
            ContextUse.valueOf(
                word(fields, "context", List.of("shared", "fork", "new"))
                    .toUpperCase(Locale.ROOT)));
    return new Step.Call(
        id,
        when,
        path,
        fields.text("tool", 128).orElse(""),
        new Template.Fields(arguments),
        options);
  }

  /** One of the words, the first if none is given. */
  private String word(FieldsReader fields, String field, List<String> words) {
    JsonNode value = fields.get(field);
    if (value == null) {
      return words.getFirst();
    }
    if (!value.isString() || !words.contains(value.stringValue())) {
      problems.add(
          fields.path(field), "expected one of " + String.join(", ", words) + ", found " + value);
      return words.getFirst();
    }
    return value.stringValue();
  }

  private static Optional<Duration> seconds(FieldsReader fields, String field) {
    return fields
        .number(field, 0.001, LONGEST_SECONDS)
        .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private Retry retry(FieldsReader fields) {
    Optional<ObjectNode> given = fields.object("retry");
    if (given.isEmpty()) {
      return Retry.NONE;
    }
    FieldsReader retry = new FieldsReader(given.get(), fields.path("retry"), problems);
    retry.onlyKnown(Set.of("attempts", "backoff_seconds", "on"));
    List<String> codes = new ArrayList<>();
    JsonNode on = retry.get("on");
    if (on != null && !on.isArray()) {
      problems.add(retry.path("on"), "expected a list of error codes, such as [busy]");
    } else if (on != null) {
      for (JsonNode code : on) {
        if (code.isString()) {
          codes.add(code.stringValue());
        } else {
          problems.add(retry.path("on"), "error codes are texts, found " + code);
        }
      }
    }
    return new Retry(
        retry.integer("attempts", 1, FlowLimits.ATTEMPTS, 3),
        retry
            .number("backoff_seconds", 0, LONGEST_SECONDS)
            .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
            .orElse(Duration.ofSeconds(1)),
        codes);
  }

  private Step parallel(String id, Optional<Condition> when, FieldsReader fields, String path) {
    fields.onlyKnown(PARALLEL);
    List<List<Step>> branches = new ArrayList<>();
    JsonNode given = fields.get("parallel");
    String at = fields.path("parallel");
    if (!given.isArray() || given.size() < 2 || given.size() > FlowLimits.BRANCHES) {
      problems.add(
          at,
          "expected a list of 2 to %d branches, each a step or a list of steps"
              .formatted(FlowLimits.BRANCHES));
    } else {
      depth++;
      for (int i = 0; i < given.size(); i++) {
        String branch = at + "[" + i + "]";
        JsonNode json = given.get(i);
        branches.add(json.isArray() ? steps(json, branch) : step(json, branch).stream().toList());
      }
      depth--;
    }
    return new Step.Parallel(id, when, path, branches);
  }

  private Step loop(String id, Optional<Condition> when, FieldsReader fields, String path) {
    fields.onlyKnown(LOOP);
    String variable = fields.has("as") ? fields.name("as").orElse("item") : "item";
    if (Set.of("inputs", "steps", "flow", "samples", "index").contains(variable)) {
      problems.add(fields.path("as"), variable + " has a meaning of its own; choose another name");
    }
    return new Step.Loop(
        id,
        when,
        path,
        Template.of(fields.get("each"), fields.path("each"), problems),
        variable,
        fields.integer("most", 1, FlowLimits.ROUNDS, FlowLimits.ROUNDS_UNLESS_SAID),
        steps(fields.required("steps"), fields.path("steps")),
        fields.template("collect"));
  }
}
