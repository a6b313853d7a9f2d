package dev.qwenmcp.server.flow.declaration;

import dev.qwenmcp.server.flow.declaration.Flow.Input;
import dev.qwenmcp.server.flow.declaration.Flow.InputType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a flow; says everything that is wrong at once. */
public final class FlowReader {
  static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
  private static final int MOST_TEXT = 4000;
  private static final Set<String> FIELDS =
      Set.of("flow", "title", "description", "inputs", "model", "steps", "output");

  private final Problems problems;
  private final FlowText text;

  private FlowReader(FlowText text) {
    this.text = text;
    this.problems = new Problems(text);
  }

  /** Collects what is wrong. */
  static final class Problems {
    private final FlowText text;
    private final Set<FlowProblem> all = new LinkedHashSet<>();

    Problems(FlowText text) {
      this.text = text;
    }

    void add(String path, String message) {
      all.add(new FlowProblem(text.line(path), path, message));
    }

    void raise() throws FlowFormatException {
      if (!all.isEmpty()) {
        throw new FlowFormatException(List.copyOf(all));
      }
    }
  }

  /** A flow and where its fields stand. */
  record Read(Flow flow, FlowText text) {}

  /**
   * Reads YAML or JSON.
   *
   * @throws FlowFormatException with everything that is wrong
   */
  static Read read(String declaration) throws FlowFormatException {
    FlowText text = FlowText.parse(declaration);
    return new Read(new FlowReader(text).flow(), text);
  }

  /** Reads a declaration that came as JSON values; sizes are checked as in a text. */
  static Read read(JsonNode declaration) throws FlowFormatException {
    FlowText measured = FlowText.parse(declaration.toString());
    FlowText text = FlowText.of(measured.tree());
    return new Read(new FlowReader(text).flow(), text);
  }

  private Flow flow() throws FlowFormatException {
    if (!(text.tree() instanceof ObjectNode root)) {
      problems.add("", "expected an object with the fields flow and steps");
      problems.raise();
      throw new IllegalStateException("unreachable");
    }
    FieldsReader fields = new FieldsReader(root, "", problems);
    fields.onlyKnown(FIELDS);
    String name = fields.name("flow").orElse("");
    String title = fields.text("title", 200).orElse(name);
    String description = fields.text("description", MOST_TEXT).orElse("");
    List<Input> inputs = inputs(fields);
    Optional<Template> model = fields.template("model");
    List<Step> steps = new StepReader(problems).steps(fields.required("steps"), "steps");
    Optional<Template> output = fields.template("output");
    problems.raise();
    return new Flow(name, title, description, inputs, model, steps, output);
  }

  private List<Input> inputs(FieldsReader fields) {
    List<Input> inputs = new ArrayList<>();
    ObjectNode given = fields.object("inputs").orElse(null);
    if (given == null) {
      return inputs;
    }
    if (given.size() > FlowLimits.INPUTS) {
      problems.add("inputs", "%d inputs; at most %d".formatted(given.size(), FlowLimits.INPUTS));
    }
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      String path = FlowText.join("inputs", each.getKey());
      if (!NAME.matcher(each.getKey()).matches()) {
        problems.add(path, "no name of an input; expected a letter, then letters, digits, _ or -");
      }
      if (each.getValue() instanceof ObjectNode object) {
        inputs.add(input(each.getKey(), new FieldsReader(object, path, problems)));
      } else {
        problems.add(path, "expected an object such as {type: string, description: …}");
      }
    }
    return inputs;
  }

  private Input input(String name, FieldsReader fields) {
    fields.onlyKnown(Set.of("type", "description", "default"));
    String word = fields.text("type", 20).orElse("string");
    InputType type =
        Arrays.stream(InputType.values())
            .filter(t -> t.name().toLowerCase(Locale.ROOT).equals(word))
            .findFirst()
            .orElse(null);
    if (type == null) {
      problems.add(
          fields.path("type"),
          "expected string, integer, number, boolean, array or object, found " + word);
      type = InputType.STRING;
    }
    JsonNode otherwise = fields.get("default");
    if (otherwise != null && !otherwise.isNull() && !type.admits(otherwise)) {
      problems.add(fields.path("default"), "is not of the type " + word);
    }
    return new Input(
        name,
        type,
        fields.text("description", MOST_TEXT).orElse(""),
        Optional.ofNullable(otherwise));
  }
}
