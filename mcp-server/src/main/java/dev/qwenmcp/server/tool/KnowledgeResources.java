package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.knowledge.CollectionInfo;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SourceInfo;
import dev.qwenmcp.server.knowledge.StoredDocument;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Collections, their documents and passages of these as resources, at {@link KnowledgeUri}s. */
public final class KnowledgeResources implements Resources {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";

  private final KnowledgeBase knowledge;

  public KnowledgeResources(KnowledgeBase knowledge) {
    this.knowledge = knowledge;
  }

  @Override
  public List<Template> templates() {
    return List.of(
        new Template(
            "knowledge://{collection}",
            "collection",
            "Collection",
            "Documents of a collection with what is known of them, without their texts",
            JSON),
        new Template(
            "knowledge://{collection}/{document}",
            "document",
            "Document",
            "The text of an ingested document",
            TEXT),
        new Template(
            "knowledge://{collection}/{document}{?start,end,version}",
            "passage",
            "Passage",
            "A passage that retrieve found, by its offsets in UTF-16 units; version tells whether"
                + " the document is still the same",
            TEXT));
  }

  /** Collections alone: their documents may be many, and the collections name them. */
  @Override
  public Page list(String principal, String cursor) throws ToolException {
    List<Listed> listed = new ArrayList<>();
    try {
      for (CollectionInfo info : knowledge.collections(principal)) {
        listed.add(
            new Listed(
                KnowledgeUri.ofCollection(info.name()).toString(),
                info.name(),
                info.name(),
                "A collection of %d documents, %d passages"
                    .formatted(info.documents(), info.passages()),
                JSON,
                ""));
      }
    } catch (KnowledgeException e) {
      throw KnowledgeFailure.of(e);
    }
    return new Page(listed, "");
  }

  /** What a collection reads as. */
  private record Overview(String collection, List<Line> documents) {}

  private record Line(
      String uri,
      String id,
      String title,
      int passages,
      long characters,
      Map<String, String> metadata) {
    static Line of(String collection, SourceInfo info) {
      return new Line(
          KnowledgeUri.ofDocument(collection, info.id()).toString(),
          info.id(),
          info.title(),
          info.passages(),
          info.characters(),
          info.metadata());
    }
  }

  @Override
  public List<Content> read(String principal, String uri) throws ToolException {
    KnowledgeUri address = KnowledgeUri.parse(uri);
    String collection = address.collection();
    try {
      if (address.document().isEmpty()) {
        List<Line> lines =
            knowledge.sources(principal, collection).stream()
                .map(info -> Line.of(collection, info))
                .toList();
        String json = StructuredContent.write(new Overview(collection, lines));
        return List.of(new Content(uri, JSON, json));
      }
      StoredDocument document =
          knowledge
              .document(principal, collection, address.document().get())
              .orElseThrow(() -> Resources.notFound(uri));
      return List.of(new Content(uri, TEXT, piece(document, address)));
    } catch (KnowledgeException e) {
      throw e.kind() == KnowledgeException.Kind.UNKNOWN_COLLECTION
          ? Resources.notFound(uri)
          : KnowledgeFailure.of(e);
    }
  }

  private static String piece(StoredDocument document, KnowledgeUri address) throws ToolException {
    String text = document.text();
    if (address.range().isEmpty()) {
      return text;
    }
    KnowledgeUri.Range range = address.range().get();
    if (!document.info().contentHash().startsWith(range.version())) {
      throw new ToolException(
          Resources.NOT_FOUND,
          "the document \"%s\" was replaced since this passage was found; search again"
              .formatted(document.info().id()));
    }
    if (range.start() > range.end() || range.end() > text.length()) {
      throw new ToolException(
          Resources.NOT_FOUND,
          "the document \"%s\" has %d UTF-16 units; start is at most end, and end at most that"
              .formatted(document.info().id(), text.length()));
    }
    return text.substring(range.start(), range.end());
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    KnowledgeUri.parse(uri);
    throw new ToolException(
        "not_watchable", "documents do not tell of changes; read %s again instead".formatted(uri));
  }

  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    return () -> {};
  }
}
