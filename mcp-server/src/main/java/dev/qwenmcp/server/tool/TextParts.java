package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts a text between sentences into parts of at most so many tokens, leaving nothing out. */
final class TextParts {
  private final String text;
  private final int room;
  private final ToIntFunction<String> tokens;

  private TextParts(String text, int room, ToIntFunction<String> tokens) {
    this.text = text;
    this.room = room;
    this.tokens = tokens;
  }

  /**
   * The parts in their order.
   *
   * @param room most tokens of a part, at least 2
   * @param tokens how many tokens a text has
   */
  static List<String> of(String text, int room, ToIntFunction<String> tokens) {
    return new TextParts(text, room, tokens).parts();
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    int start = -1;
    int end = -1;
    int size = 0;
    for (Span span : pieces()) {
      int more = tokens.applyAsInt(span.of(text)) + 1; // and the space before it
      if (start >= 0 && size + more > room) {
        parts.add(text.substring(start, end));
        start = -1;
        size = 0;
      }
      start = start < 0 ? span.start() : start;
      end = span.end();
      size += more;
    }
    parts.add(text.substring(start, end));
    return parts;
  }

  /** Sentences, halved until each fits. */
  private List<Span> pieces() {
    List<Span> pieces = new ArrayList<>();
    for (Span sentence : Sentences.of(text)) {
      halve(sentence, pieces);
    }
    return pieces;
  }

  private void halve(Span span, List<Span> pieces) {
    if (span.length() <= 1 || tokens.applyAsInt(span.of(text)) <= room - 1) {
      pieces.add(span);
      return;
    }
    int middle = text.indexOf(' ', (span.start() + span.end()) / 2) + 1;
    if (middle <= span.start() || middle >= span.end()) {
      middle =
          text.offsetByCodePoints(
              span.start(), Math.max(1, text.codePointCount(span.start(), span.end()) / 2));
    }
    if (middle >= span.end()) {
      pieces.add(span);
      return;
    }
    halve(new Span(span.start(), middle), pieces);
    halve(new Span(middle, span.end()), pieces);
  }
}
