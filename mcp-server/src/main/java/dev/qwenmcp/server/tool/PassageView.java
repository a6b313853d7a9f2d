package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.protocol.Doc;
import java.util.List;
import java.util.stream.Collectors;

/** A passage as results show it and contexts keep it. */
public record PassageView(
    @Doc("Id of the document") String source,
    @Doc("Title of the document, possibly empty") String title,
    @Doc("The passage, word for word") String text,
    @Doc("Where it begins in the document, in UTF-16 units as Java and JavaScript count") int start,
    @Doc("Where it ends") int end,
    @Doc("BM25 score, higher is better; comparable within one search") double score) {
  static PassageView of(Passage passage) {
    return new PassageView(
        passage.source(),
        passage.title(),
        passage.text(),
        passage.start(),
        passage.end(),
        passage.score());
  }

  /** What a context keeps of a search, as JSON. */
  private record Search(String query, List<PassageView> passages) {}

  /** The entry in which a context keeps what a search found. */
  static EntryDraft entry(String query, List<PassageView> passages) {
    String text = passages.stream().map(PassageView::quotation).collect(Collectors.joining("\n\n"));
    String json = StructuredContent.write(new Search(query, passages));
    return new EntryDraft(
        Roles.PASSAGES, "retrieve", ModelIdentity.NONE, text, json, List.of(), Usage.NONE);
  }

  /** The passages of such an entry. */
  static List<PassageView> read(Entry entry) {
    return StructuredContent.read(entry.structuredJson(), Search.class).passages();
  }

  /** The passage with its source, for people. */
  String quotation() {
    return "[%s%s] %s".formatted(source, title.isEmpty() ? "" : ": " + title, text);
  }
}
