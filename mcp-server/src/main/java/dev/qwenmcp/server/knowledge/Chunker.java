package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.text.PassageUnit;
import dev.qwenmcp.server.text.Passages;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text of unknown structure into passages along its paragraphs, then sentences. */
final class Chunker {
  private Chunker() {}

  /** Passages in the order of the text; empty if the text has nothing but white space. */
  static List<Span> chunk(String text) {
    List<PassageUnit> units = Passages.units(text, 0, text.length());
    List<Span> spans = new ArrayList<>();
    for (Span run : Passages.pack(units)) {
      spans.add(new Span(units.get(run.start()).start(), units.get(run.end() - 1).end()));
    }
    return spans;
  }
}
