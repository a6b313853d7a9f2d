package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a summary may be, and how it is written.
 *
 * @param sentences most sentences, 0 for any number
 * @param words most words, 0 for any number; a Chinese or Japanese character counts as one
 * @param style how it is written
 */
record SummaryBound(int sentences, int words, SummaryStyle style) {
  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]|(?:(?![\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}])\\S)+");

  /** The bound in words of a prompt. */
  String inWords() {
    List<String> parts = new ArrayList<>();
    if (sentences > 0) {
      parts.add(sentences == 1 ? "one sentence" : "at most " + sentences + " sentences");
    }
    if (words > 0) {
      parts.add("at most " + words + " words");
    }
    return String.join(" and ", parts);
  }

  /** Length and style in words of a prompt. */
  String withStyle() {
    return inWords() + style.inWords();
  }

  /**
   * The text if it keeps the bound; otherwise as many of its first sentences as do, or the first
   * words of the first sentence with an ellipsis.
   */
  String cut(String text) {
    List<Span> spans = Sentences.of(text);
    int end = 0;
    int kept = 0;
    for (Span span : spans) {
      boolean fits =
          (sentences == 0 || kept < sentences)
              && (words == 0 || countWords(text.substring(0, span.end())) <= words);
      if (!fits) {
        break;
      }
      end = span.end();
      kept++;
    }
    if (kept == spans.size()) {
      return text;
    }
    return kept > 0 ? text.substring(0, end) : firstWords(text, spans.getFirst());
  }

  static int countWords(String text) {
    return (int) WORD.matcher(text).results().count();
  }

  private String firstWords(String text, Span sentence) {
    Matcher word = WORD.matcher(text).region(sentence.start(), sentence.end());
    int end = sentence.start();
    for (int i = 0; i < words && word.find(); i++) {
      end = word.end();
    }
    return text.substring(0, end) + "…";
  }
}
