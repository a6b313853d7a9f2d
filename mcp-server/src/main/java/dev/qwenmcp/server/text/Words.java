package dev.qwenmcp.server.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cn.smart.HMMChineseTokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * Cuts a text into words with their places: Chinese by its dictionary, the rest by Unicode rules.
 */
final class Words {
  private Words() {}

  static List<WordToken> of(String text, String language) {
    boolean chinese = language.equals("zh");
    CharArraySet stopWords = StopWords.of(language);
    List<WordToken> words = new ArrayList<>();
    int sentence = 0;
    try (Analyzer analyzer = chinese ? new Chinese() : new Alphabetic()) {
      for (Span span : Sentences.of(text)) {
        try (TokenStream tokens = analyzer.tokenStream("", span.of(text))) {
          OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
          tokens.reset();
          while (tokens.incrementToken()) {
            int start = span.start() + offset.startOffset();
            int end = span.start() + offset.endOffset();
            String key = text.substring(start, end).toLowerCase(Locale.ROOT);
            if (key.codePoints().anyMatch(Character::isLetterOrDigit)) {
              boolean stop = isStop(key, stopWords, chinese);
              words.add(new WordToken(start, end, singular(key), stop, sentence));
            }
          }
          tokens.end();
        }
        sentence++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading a string failed", e);
    }
    return words;
  }

  /** Stop words, numbers and initials; a Chinese word may well be a single character. */
  private static boolean isStop(String key, CharArraySet stopWords, boolean chinese) {
    String bare =
        key.endsWith("'s") || key.endsWith("’s") ? key.substring(0, key.length() - 2) : key;
    return stopWords.contains(bare)
        || (!chinese && bare.length() < 2)
        || bare.codePoints().noneMatch(Character::isLetter);
  }

  /** Plural and singular are one word; enough for counting. */
  private static String singular(String key) {
    return key.length() > 3 && key.endsWith("s") && !key.endsWith("ss")
        ? key.substring(0, key.length() - 1)
        : key;
  }

  private static final class Chinese extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
      return new TokenStreamComponents(new HMMChineseTokenizer());
    }
  }

  private static final class Alphabetic extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
      return new TokenStreamComponents(new StandardTokenizer());
    }
  }
}
