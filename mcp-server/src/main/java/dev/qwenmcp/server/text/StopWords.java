package dev.qwenmcp.server.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.snowball.SnowballFilter;

/** Words of a language that say nothing by themselves: articles, pronouns, prepositions. */
public final class StopWords {
  /** Lists of the Snowball project (BSD licence), as they come with Lucene. */
  private static final Map<String, String> SNOWBALL =
      Map.ofEntries(
          Map.entry("en", "english"),
          Map.entry("de", "german"),
          Map.entry("fr", "french"),
          Map.entry("es", "spanish"),
          Map.entry("it", "italian"),
          Map.entry("pt", "portuguese"),
          Map.entry("nl", "dutch"),
          Map.entry("ru", "russian"),
          Map.entry("sv", "swedish"),
          Map.entry("da", "danish"),
          Map.entry("no", "norwegian"),
          Map.entry("fi", "finnish"),
          Map.entry("hu", "hungarian"));

  private StopWords() {}

  /** The list of a language, empty where there is none. */
  public static CharArraySet of(String language) {
    try {
      if (language.equals("zh")) {
        try (InputStream in = StopWords.class.getResourceAsStream("stopwords-zh.txt")) {
          return WordlistLoader.getWordSet(new InputStreamReader(in, StandardCharsets.UTF_8), "#");
        }
      }
      String name = SNOWBALL.get(language);
      if (name == null) {
        return CharArraySet.EMPTY_SET;
      }
      try (InputStream in = SnowballFilter.class.getResourceAsStream(name + "_stop.txt")) {
        return WordlistLoader.getSnowballWordSet(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the stop words of " + language + " cannot be read", e);
    }
  }
}
