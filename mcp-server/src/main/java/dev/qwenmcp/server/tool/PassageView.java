package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.PassageScores;
import dev.qwenmcp.server.protocol.Doc;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A passage as results show it and contexts keep it. */
public record PassageView(
    @Doc("Id of the document") String source,
    @Doc("Title of the document, possibly empty") String title,
    @Doc("The passage, word for word") String text,
    @Doc("Where it begins in the document, in UTF-16 units as Java and JavaScript count") int start,
    @Doc("Where it ends") int end,
    @Doc("What the passages are ordered by, higher is better; comparable within one search")
        double score,
    @Doc(value = "What the score was made of", optional = true) Parts parts,
    @Doc(value = "Ids of other documents that hold the same text", optional = true)
        List<String> alsoIn,
    @Doc(value = "The passages before it that were asked for", optional = true)
        List<Neighbour> before,
    @Doc(value = "The passages after it that were asked for", optional = true)
        List<Neighbour> after) {

  /** Why a passage was found. */
  public record Parts(
      @Doc(value = "BM25 of the query's words, if any occurs", optional = true) Double bm25,
      @Doc(value = "Cosine of the texts' vectors, -1 to 1, if compared", optional = true)
          Double vector,
      @Doc(
              value =
                  "How well the best token of the passage answers each of the query, -1 to 1, if"
                      + " compared",
              optional = true)
          Double rerank,
      @Doc(value = "Rank after words and vectors were fused, before rerank", optional = true)
          Integer fusedRank) {
    private static Parts of(PassageScores scores) {
      return new Parts(
          orNull(scores.bm25()),
          orNull(scores.vector()),
          orNull(scores.rerank()),
          scores.fusedRank().isPresent() ? scores.fusedRank().getAsInt() : null);
    }

    private static Double orNull(OptionalDouble value) {
      return value.isPresent() ? value.getAsDouble() : null;
    }
  }

  /** A passage beside one that was found. */
  public record Neighbour(
      @Doc("The passage, word for word") String text,
      @Doc("Where it begins in the document, in UTF-16 units") int start,
      @Doc("Where it ends") int end) {}

  static PassageView of(Passage passage) {
    return new PassageView(
        passage.source(),
        passage.title(),
        passage.text(),
        passage.start(),
        passage.end(),
        passage.scores().score(),
        Parts.of(passage.scores()),
        passage.alsoIn().isEmpty() ? null : passage.alsoIn(),
        neighbours(passage.before()),
        neighbours(passage.after()));
  }

  private static List<Neighbour> neighbours(List<Passage.Excerpt> excerpts) {
    return excerpts.isEmpty()
        ? null
        : excerpts.stream().map(e -> new Neighbour(e.text(), e.start(), e.end())).toList();
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
