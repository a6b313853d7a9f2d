package dev.qwenmcp.server.tool;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with places to fill in, written <code>{{name}}</code>.
 *
 * @param name where it comes from, with its version: {@code v1/standard/classify}
 * @param text the prompt
 */
record PromptTemplate(String name, String text) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /**
   * Fills all places at once, so that what is filled in is never taken for a place.
   *
   * @throws IllegalArgumentException if a place has no value
   */
  String fill(Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> {
          String value = values.get(place.group(1));
          if (value == null) {
            throw new IllegalArgumentException(
                "the prompt " + name + " needs a value for " + place.group(1));
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
