package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.PassageScores;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.ResourceLink;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** A passage as results show it and contexts keep it. */
public record PassageView(
    @Doc("Id of the document") String source,
    @Doc("Title of the document, possibly empty") String title,
    @Doc(
            value = "What it stands under in the document, such as \"Guide > Install\"",
            optional = true)
        String heading,
    @Doc("The passage, word for word, with the neighbours that were asked for") String text,
    @Doc("Where it begins in the document, in UTF-16 units as Java and JavaScript count") int start,
    @Doc("Where it ends") int end,
    @Doc(value = "Where what was found begins, if neighbours stand around it", optional = true)
        Integer matchStart,
    @Doc(value = "Where what was found ends, likewise", optional = true) Integer matchEnd,
    @Doc("What the passages are ordered by, higher is better; comparable within one search")
        double score,
    @Doc(value = "What the score was made of", optional = true) Parts parts,
    @Doc(value = "What is known of it and its document", optional = true)
        Map<String, String> metadata,
    @Doc(
            value = "Ids of other documents that hold the same text, or nearly the same",
            optional = true)
        List<String> alsoIn,
    @Doc(value = "Reads the passage as a resource", optional = true) String uri) {

  private static final int MOST_DESCRIPTION = 160;

  /** Why a passage was found. */
  public record Parts(
      @Doc(value = "BM25 of the query's words, if any occurs", optional = true) Double bm25,
      @Doc(value = "Rank by words", optional = true) Integer bm25Rank,
      @Doc(value = "Cosine of the texts' vectors, -1 to 1, if compared", optional = true)
          Double vector,
      @Doc(value = "Rank by vectors, if among the nearest", optional = true) Integer vectorRank,
      @Doc(value = "Cosine of the title's vector, if compared by itself", optional = true)
          Double title,
      @Doc(
              value =
                  "How well the best token of the passage answers each of the query, -1 to 1, if"
                      + " compared",
              optional = true)
          Double rerank,
      @Doc(value = "What words, vectors and tokens were fused into", optional = true) Double fused,
      @Doc(value = "Rank after words and vectors were fused, before rerank", optional = true)
          Integer fusedRank,
      @Doc(
              value = "How well it answers the question, 0 to 1, if a reranking model read it",
              optional = true)
          Double read) {
    private static Parts of(PassageScores scores) {
      return new Parts(
          orNull(scores.bm25()),
          orNull(scores.bm25Rank()),
          orNull(scores.vector()),
          orNull(scores.vectorRank()),
          orNull(scores.title()),
          orNull(scores.rerank()),
          orNull(scores.fused()),
          orNull(scores.fusedRank()),
          orNull(scores.read()));
    }

    private static Double orNull(OptionalDouble value) {
      return value.isPresent() ? value.getAsDouble() : null;
    }

    private static Integer orNull(OptionalInt value) {
      return value.isPresent() ? value.getAsInt() : null;
    }
  }

  static PassageView of(String collection, Passage passage) {
    Passage.Match match = passage.match();
    boolean more = match.start() != passage.start() || match.end() != passage.end();
    return new PassageView(
        passage.source(),
        passage.title(),
        passage.heading().isEmpty() ? null : passage.heading(),
        passage.text(),
        passage.start(),
        passage.end(),
        more ? match.start() : null,
        more ? match.end() : null,
        passage.scores().score(),
        Parts.of(passage.scores()),
        passage.metadata().isEmpty() ? null : passage.metadata(),
        passage.alsoIn().isEmpty() ? null : passage.alsoIn(),
        KnowledgeUri.of(collection, passage).toString());
  }

  /** What was found, without the neighbours that were asked for. */
  String found() {
    return matchStart == null ? text : text.substring(matchStart - start, matchEnd - start);
  }

  /** For clients that let their users open it. */
  ResourceLink link() {
    String begin = text.length() > MOST_DESCRIPTION ? text.substring(0, MOST_DESCRIPTION) : text;
    String name = title.isEmpty() ? source : title;
    return new ResourceLink(uri, name, begin.replaceAll("\\s+", " "), "text/plain");
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
