package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.text.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Finds where the values of an object stand in the text that they were taken from.
 *
 * <p>A string is found as it is, else with other case and white space; a number wherever the text
 * has one of the same value. Words are not found inside longer words. A value that comes twice gets
 * the first two places, and the last of them again if there are no more.
 */
final class Grounding {
  /** A value's place in a text. */
  record ValueSpan(
      @Doc("Where the value is in data, as a JSON Pointer") String path,
      @Doc("Offset of its first UTF-16 unit in the text") int start,
      @Doc("Offset after its last") int end,
      @Doc("The text there") String text) {}

  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\p{L}\\p{N}.])[-+]?\\d{1,18}(?:,\\d{3})*(?:\\.\\d{1,18})?(?![\\d])");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final int MOST_CHARACTERS = 10_000;

  private final String text;
  private final Map<String, Integer> last = new HashMap<>();
  private final List<ValueSpan> spans = new ArrayList<>();
  private final List<String> inferred = new ArrayList<>();

  Grounding(String text) {
    this.text = text;
  }

  /** Looks for all strings and numbers of a value; returns this. */
  Grounding locate(JsonNode value) {
    visit(value, "");
    return this;
  }

  /** Places of the values that the text has, in the order of the object. */
  List<ValueSpan> spans() {
    return List.copyOf(spans);
  }

  /** JSON Pointers of the values that the text does not have. */
  List<String> inferred() {
    return List.copyOf(inferred);
  }

  private void visit(JsonNode node, String path) {
    if (node.isObject()) {
      node.properties()
          .forEach(member ->
              visit(
                  member.getValue(),
                  path + "/" + member.getKey().replace("~", "~0").replace("/", "~1")));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        visit(node.get(i), path + "/" + i);
      }
    } else if (node.isString() || node.isNumber()) {
      Optional<Span> found =
          node.isString() ? find(node.asString()) : findNumber(node.decimalValue());
      if (found.isPresent()) {
        Span span = found.get();
        spans.add(new ValueSpan(path, span.start(), span.end(), span.of(text)));
      } else {
        inferred.add(path);
      }
    }
  }

  /** The next place of a string. */
  Optional<Span> find(String value) {
    String bare = value.strip();
    if (bare.isEmpty() || bare.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    Optional<Span> exact = next("=" + bare, bounded(Pattern.quote(bare), bare, 0));
    if (exact.isPresent()) {
      return exact;
    }
    List<String> words = SPACE.splitAsStream(bare).map(Pattern::quote).toList();
    return next(
        "~" + bare,
        bounded(String.join("\\s+", words), bare, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
  }

  private static Pattern bounded(String pattern, String value, int flags) {
    String before = joins(value.codePointAt(0)) ? "(?<![\\p{L}\\p{N}])" : "";
    String after = joins(value.codePointBefore(value.length())) ? "(?![\\p{L}\\p{N}])" : "";
    // In scripts without spaces a word may stand right beside another.
    String eastAsian = "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]";
    before = before.isEmpty() ? "" : "(?:" + before + "|(?<=" + eastAsian + "))";
    after = after.isEmpty() ? "" : "(?:" + after + "|(?=" + eastAsian + "))";
    return Pattern.compile(before + "(?:" + pattern + ")" + after, flags);
  }

  private static boolean joins(int c) {
    return Character.isLetterOrDigit(c)
        && switch (Character.UnicodeScript.of(c)) {
          case HAN, HIRAGANA, KATAKANA -> false;
          default -> true;
        };
  }

  private Optional<Span> next(String key, Pattern pattern) {
    Matcher matcher = pattern.matcher(text);
    int from = last.getOrDefault(key, -1) + 1;
    if (!(from <= text.length() && matcher.find(from)) && !matcher.reset().find()) {
      return Optional.empty();
    }
    last.put(key, matcher.start());
    return Optional.of(new Span(matcher.start(), matcher.end()));
  }

  private Optional<Span> findNumber(BigDecimal value) {
    Matcher matcher = NUMBER.matcher(text);
    String key = "#" + value.stripTrailingZeros().toPlainString();
    Optional<Span> found = Optional.empty();
    int from = last.getOrDefault(key, -1);
    while (matcher.find()) {
      String digits = matcher.group().replace(",", "").replace("+", "");
      if (new BigDecimal(digits).compareTo(value) == 0) {
        found = Optional.of(new Span(matcher.start(), matcher.end()));
        if (matcher.start() > from) {
          break;
        }
      }
    }
    found.ifPresent(span -> last.put(key, span.start()));
    return found;
  }
}
