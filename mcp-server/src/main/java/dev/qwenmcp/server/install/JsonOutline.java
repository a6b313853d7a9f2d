package dev.qwenmcp.server.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the members of objects stand in a JSON text that may have comments and trailing commas.
 *
 * <p>Offsets count UTF-16 units. What values mean is not looked at: Jackson has checked the text.
 */
final class JsonOutline {
  private final String text;
  private int at;

  private JsonOutline(String text) {
    this.text = text;
  }

  /**
   * An object.
   *
   * @param begin of its opening brace
   * @param end of its closing brace
   * @param members in the order of the text
   */
  record Node(int begin, int end, List<Member> members) {

    Optional<Member> member(String name) {
      // Of members with one name the last counts.
      return members.stream().filter(m -> m.name().equals(name)).reduce((a, b) -> b);
    }
  }

  /**
   * A member of an object.
   *
   * @param begin of its name's quotation mark
   * @param valueBegin of its value
   * @param end after its value
   * @param object the value, if it is an object
   */
  record Member(String name, int begin, int valueBegin, int end, Optional<Node> object) {}

  /** The outermost object; a text that Jackson takes for an object has one. */
  static Node of(String text) {
    JsonOutline outline = new JsonOutline(text);
    outline.skip();
    return outline.object();
  }

  private Node object() {
    int begin = at++;
    List<Member> members = new ArrayList<>();
    skip();
    while (text.charAt(at) != '}') {
      int nameBegin = at;
      String name = string();
      skip();
      at++; // the colon
      skip();
      int valueBegin = at;
      Optional<Node> object = value();
      members.add(new Member(name, nameBegin, valueBegin, at, object));
      skip();
      if (text.charAt(at) == ',') {
        at++;
        skip();
      }
    }
    return new Node(begin, at++, members);
  }

  private Optional<Node> value() {
    switch (text.charAt(at)) {
      case '{' -> {
        return Optional.of(object());
      }
      case '[' -> array();
      case '"' -> string();
      default -> {
        while (at < text.length() && ",]}/".indexOf(text.charAt(at)) < 0 && !blank()) {
          at++;
        }
      }
    }
    return Optional.empty();
  }

  private void array() {
    at++;
    skip();
    while (text.charAt(at) != ']') {
      value();
      skip();
      if (text.charAt(at) == ',') {
        at++;
        skip();
      }
    }
    at++;
  }

  /** A string's content; names with escapes stay as they are written. */
  private String string() {
    int begin = ++at;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return text.substring(begin, at++);
  }

  private boolean blank() {
    return Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\uFEFF';
  }

  /** Passes over white space and comments. */
  private void skip() {
    while (at < text.length()) {
      if (blank()) {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        at = text.indexOf("*/", at) + 2;
      } else {
        return;
      }
    }
  }
}
