package dev.qwenmcp.server.tool;

import java.util.List;

/**
 * Answers of which a model is to choose one.
 *
 * @param property name of the choice in the JSON object that the prompt asks for
 * @param values what can be chosen, without duplicates
 * @param answers the whole answer for each value, as the prompt asks for it
 */
record Options(String property, List<String> values, List<String> answers) {
  Options {
    values = List.copyOf(values);
    answers = List.copyOf(answers);
    if (values.size() != answers.size()) {
      throw new IllegalArgumentException(
          values.size() + " values and " + answers.size() + " answers");
    }
  }
}
