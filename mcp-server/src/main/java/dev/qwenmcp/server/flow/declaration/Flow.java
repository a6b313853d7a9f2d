package dev.qwenmcp.server.flow.declaration;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A flow.
 *
 * @param name for calls and files
 * @param title for people
 * @param description what it does
 * @param inputs what it has to be given
 * @param model of all steps that name none; the server's default if empty
 * @param steps one after the other
 * @param output what a run gives back; the last step's result if empty
 */
public record Flow(
    String name,
    String title,
    String description,
    List<Input> inputs,
    Optional<Template> model,
    List<Step> steps,
    Optional<Template> output) {

  public Flow {
    inputs = List.copyOf(inputs);
    steps = List.copyOf(steps);
  }

  /**
   * Something a flow has to be given.
   *
   * @param name as {@code inputs.name}
   * @param type of JSON
   * @param description for people and models
   * @param otherwise its value where none is given; empty if it has to be
   */
  public record Input(
      String name, InputType type, String description, Optional<JsonNode> otherwise) {}

  /** Types of inputs, as JSON Schema names them. */
  public enum InputType {
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    ARRAY,
    OBJECT;

    /** Whether a value is of the type. */
    public boolean admits(JsonNode value) {
      return switch (this) {
        case STRING -> value.isString();
        case INTEGER -> value.isIntegralNumber();
        case NUMBER -> value.isNumber();
        case BOOLEAN -> value.isBoolean();
        case ARRAY -> value.isArray();
        case OBJECT -> value.isObject();
      };
    }
  }
}
