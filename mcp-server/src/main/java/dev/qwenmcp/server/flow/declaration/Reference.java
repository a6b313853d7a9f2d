package dev.qwenmcp.server.flow.declaration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands between <code>${</code> and <code>}</code>: alternatives, the first that has a value
 * counts.
 *
 * <pre>
 *   reference   = alternative { "??" alternative }
 *   alternative = path | a JSON string, number, true, false, null, [] or {}
 *   path        = name { "." name | "[" digits "]" }
 * </pre>
 *
 * @param alternatives at least one
 */
public record Reference(List<Alternative> alternatives) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MOST_INDEX = 1_000_000;

  public Reference {
    alternatives = List.copyOf(alternatives);
  }

  /** One of them. */
  public sealed interface Alternative permits Literal, Path {}

  /** A value that is written there. */
  public record Literal(JsonNode value) implements Alternative {}

  /**
   * A value of the run.
   *
   * @param root {@code inputs}, {@code steps}, {@code flow}, {@code samples} or a loop's variable
   * @param rest what to follow from there
   */
  public record Path(String root, List<Part> rest) implements Alternative {
    public Path {
      rest = List.copyOf(rest);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(root);
      for (Part part : rest) {
        switch (part) {
          case Name name -> text.append('.').append(name.name());
          case Index index -> text.append('[').append(index.index()).append(']');
        }
      }
      return text.toString();
    }

    /** The name at a place of the rest, if there is one. */
    public Optional<String> name(int at) {
      return at < rest.size() && rest.get(at) instanceof Name(String name)
          ? Optional.of(name)
          : Optional.empty();
    }
  }

  /** A step on the way. */
  public sealed interface Part permits Name, Index {}

  /** A member of an object. */
  public record Name(String name) implements Part {}

  /** An item of a list, from 0. */
  public record Index(int index) implements Part {}

  /**
   * Reads the inside of a reference.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Reference parse(String text) {
    List<Alternative> alternatives = new ArrayList<>();
    for (String part : alternatives(text)) {
      String alternative = part.strip();
      if (alternative.isEmpty()) {
        throw new IllegalArgumentException(
            "expected a path such as inputs.question or steps.found.passages[0].text in ${"
                + text
                + "}");
      }
      alternatives.add(isPath(alternative) ? path(alternative) : literal(alternative));
    }
    return new Reference(alternatives);
  }

  /** Splits at {@code ??} outside of strings. */
  private static List<String> alternatives(String text) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && text.startsWith("??", i)) {
        parts.add(text.substring(start, i));
        start = i + 2;
        i++;
      }
    }
    parts.add(text.substring(Math.min(start, text.length())));
    return parts;
  }

  private static boolean isPath(String text) {
    return Character.isLetter(text.charAt(0)) && !List.of("true", "false", "null").contains(text);
  }

  private static Literal literal(String text) {
    try {
      return new Literal(JSON.readTree(text));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          text
              + " is neither a path such as steps.found.passages[0].text nor a JSON value such as"
              + " \"text\" or 3",
          e);
    }
  }

  private static Path path(String text) {
    List<Part> rest = new ArrayList<>();
    int at = nameEnd(text, 0);
    String root = text.substring(0, at);
    while (at < text.length()) {
      if (text.charAt(at) == '.') {
        int end = nameEnd(text, at + 1);
        if (end == at + 1) {
          throw new IllegalArgumentException("a name is missing after the dot in " + text);
        }
        rest.add(new Name(text.substring(at + 1, end)));
        at = end;
      } else if (text.charAt(at) == '[') {
        int end = text.indexOf(']', at);
        String digits = end < 0 ? "" : text.substring(at + 1, end);
        if (!digits.matches("\\d{1,7}") || Integer.parseInt(digits) > MOST_INDEX) {
          throw new IllegalArgumentException("expected a number from 0 between [ and ] in " + text);
        }
        rest.add(new Index(Integer.parseInt(digits)));
        at = end + 1;
      } else {
        throw new IllegalArgumentException(
            "unexpected '%s' in %s; names have letters, digits, _ and -"
                .formatted(text.charAt(at), text));
      }
    }
    return new Path(root, rest);
  }

  private static int nameEnd(String text, int from) {
    int end = from;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end))
            || text.charAt(end) == '_'
            || text.charAt(end) == '-')) {
      end++;
    }
    return end;
  }
}
