package dev.qwenmcp.server.document;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What Markdown begins with between two lines of {@code ---}: YAML about the document.
 *
 * @param end where the text proper begins; 0 without front matter
 * @param values what it says; nested values are left out
 */
record FrontMatter(int end, Map<String, String> values) {
  private static final String TITLE = "title";
  private static final int MOST_CHARACTERS = 20_000;
  private static final int MOST_NAMES = 20;
  private static final int MOST_VALUE = 1000;
  private static final FrontMatter NONE = new FrontMatter(0, Map.of());

  private static final Pattern FENCED =
      Pattern.compile(
          "\\A---\\h*\\R(.*?)^(?:---|\\.\\.\\.)\\h*(?:\\R|\\z)",
          Pattern.DOTALL | Pattern.MULTILINE);

  /** The front matter; none where the beginning only looks like it and is no YAML map. */
  static FrontMatter of(String text) {
    Matcher fenced = FENCED.matcher(text).region(0, Math.min(text.length(), MOST_CHARACTERS));
    if (!fenced.find()) {
      return NONE;
    }
    LoadSettings settings =
        LoadSettings.builder().setAllowRecursiveKeys(false).setMaxAliasesForCollections(20).build();
    try {
      Object loaded = new Load(settings).loadFromString(fenced.group(1));
      if (loaded == null) {
        return new FrontMatter(fenced.end(), Map.of());
      }
      return loaded instanceof Map<?, ?> map ? new FrontMatter(fenced.end(), strings(map)) : NONE;
    } catch (YamlEngineException | StackOverflowError e) {
      return NONE; // then it is text, and is searched as text
    }
  }

  private static Map<String, String> strings(Map<?, ?> map) {
    Map<String, String> strings = new TreeMap<>();
    map.forEach((name, value) -> {
      String string = string(value);
      if (name instanceof String key
          && key.matches("[\\p{L}_][\\p{L}\\p{N}_.-]{0,63}")
          && !string.isBlank()
          && string.length() <= MOST_VALUE
          && strings.size() < MOST_NAMES) {
        strings.put(key, string);
      }
    });
    return strings;
  }

  private static String string(Object value) {
    return switch (value) {
      case null -> "";
      case Map<?, ?> map -> "";
      case Collection<?> list ->
          list.stream()
              .filter(each -> !(each instanceof Map || each instanceof Collection))
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
      default -> value.toString().strip();
    };
  }

  Optional<String> title() {
    return Optional.ofNullable(values.get(TITLE));
  }

  Map<String, String> metadata() {
    Map<String, String> others = new TreeMap<>(values);
    others.remove(TITLE);
    return others;
  }
}
