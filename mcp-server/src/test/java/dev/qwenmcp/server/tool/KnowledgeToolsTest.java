package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.knowledge.SearchMode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.StringNode;

class KnowledgeToolsTest {
  private final Workbench bench = new Workbench();

  private Ingest.Result ingest(String collection, String id, String text) throws Exception {
    return bench.ingest.call(
        new Ingest.Arguments(
            List.of(new Ingest.DocumentInput(id, null, text, null)), collection, null),
        bench.call);
  }

  private Retrieve.Result retrieve(String query, String contextId) throws Exception {
    return bench.retrieve.call(
        new Retrieve.Arguments(query, null, null, null, null, null, contextId), bench.call);
  }

  @Test
  void whatIsIngestedIsFoundAndWrittenDown() throws Exception {
    Ingest.Result ingested = ingest(null, "returns", "You can return shoes for thirty days.");
    assertThat(ingested.collection()).isEqualTo("default");
    assertThat(ingested.added()).isEqualTo(1);
    assertThat(ingested.passages()).isEqualTo(1);
    assertThat(ingested.totalDocuments()).isEqualTo(1);
    assertThat(bench.entries(ingested.contextId()))
        .extracting(Entry::text)
        .first()
        .asString()
        .contains("returns");

    Retrieve.Result found = retrieve("return my shoes", null);
    assertThat(found.passages()).hasSize(1);
    PassageView passage = found.passages().getFirst();
    assertThat(passage.source()).isEqualTo("returns");
    assertThat(passage.text()).isEqualTo("You can return shoes for thirty days.");
    assertThat(passage.start()).isZero();
    assertThat(passage.end()).isEqualTo(passage.text().length());
    List<Entry> entries = bench.entries(found.contextId());
    assertThat(entries).extracting(Entry::role).containsExactly("user", "passages");
    assertThat(PassageView.read(entries.get(1))).isEqualTo(found.passages());
  }

  @Test
  void searchesForTheQuestionThatTheContextHolds() throws Exception {
    ingest(null, "returns", "You can return shoes for thirty days.");
    String context =
        bench.understand.call(Task.language("return shoes").arguments(), bench.call).contextId();
    Retrieve.Result found = retrieve(null, context);
    assertThat(found.query()).isEqualTo("return shoes");
    assertThat(found.passages()).hasSize(1);
    assertThat(bench.roles(context)).containsExactly("user", "result", "passages");
  }

  @Test
  void searchWordsAreNoQuestionWhileOneWaits() throws Exception {
    ingest(null, "returns", "You can return shoes for thirty days.");
    String context =
        bench
            .understand
            .call(Task.language("May I send them back?").arguments(), bench.call)
            .contextId();
    assertThat(retrieve("shoes", context).passages()).hasSize(1);
    assertThat(bench.roles(context)).containsExactly("user", "result", "passages");
  }

  @Test
  void findingNothingIsAResult() throws Exception {
    ingest(null, "returns", "You can return shoes for thirty days.");
    Retrieve.Result found = retrieve("zebra", null);
    assertThat(found.passages()).isEmpty();
    assertThat(bench.roles(found.contextId())).containsExactly("user", "passages");
  }

  @Test
  void saysWhenMeaningCouldNotBeCompared() throws Exception {
    ingest(null, "returns", "You can return shoes for thirty days.");
    Retrieve.Result found = retrieve("return shoes", null);
    assertThat(found.mode()).isEqualTo(SearchMode.KEYWORDS);
    assertThat(found.notes()).singleElement().asString().contains("no embedding model");
    PassageView.Parts parts = found.passages().getFirst().parts();
    assertThat(parts.bm25()).isEqualTo(found.passages().getFirst().score());
    assertThat(parts.vector()).isNull();
  }

  @Test
  void narrowsByMetadata() throws Exception {
    List<Ingest.DocumentInput> documents =
        List.of(
            new Ingest.DocumentInput("a", null, "Shoes of this year.", Map.of("year", "2026")),
            new Ingest.DocumentInput("b", null, "Shoes of last year.", Map.of("year", "2025")));
    bench.ingest.call(new Ingest.Arguments(documents, null, null), bench.call);
    Retrieve.Arguments arguments =
        new Retrieve.Arguments(
            "shoes", null, null, null, Map.of("year", StringNode.valueOf("2025")), null, null);
    assertThat(bench.retrieve.call(arguments, bench.call).passages())
        .extracting(PassageView::source)
        .containsExactly("b");
    Map<String, String> much = Map.of("year", "2".repeat(300));
    assertFails(
        "invalid_metadata",
        () ->
            bench.ingest.call(
                new Ingest.Arguments(
                    List.of(new Ingest.DocumentInput("c", null, "x", much)), null, null),
                bench.call),
        "256");
  }

  @Test
  void listsAndForgetsDocuments() throws Exception {
    ingest(null, "a", "The giraffe lives here.");
    ingest(null, "b", "The penguin lives here.");
    ingest("other", "c", "Nobody lives here.");
    ListSources.Result first = list(null, 1);
    assertThat(first.documents())
        .containsExactly(
            new ListSources.SourceView(
                "a",
                "",
                1,
                0,
                "The giraffe lives here.".length(),
                Map.of(),
                "knowledge://default/a"));
    assertThat(first.collections())
        .extracting(ListSources.CollectionView::name)
        .containsExactly("default", "other");
    assertThat(list(first.nextAfter(), 1).documents())
        .extracting(ListSources.SourceView::id)
        .containsExactly("b");
    assertThat(list(first.nextAfter(), 1).nextAfter()).isNull();

    Forget.Result forgotten = forget(List.of("a", "z"), null, null);
    assertThat(forgotten.removed()).isEqualTo(1);
    assertThat(forgotten.unknown()).containsExactly("z");
    assertThat(forgotten.totalDocuments()).isEqualTo(1);
    assertThat(retrieve("giraffe", null).passages()).isEmpty();
    assertThat(retrieve("penguin", null).passages()).hasSize(1);

    assertThat(forget(null, true, "other").removed()).isEqualTo(1);
    assertFails("unknown_collection", () -> forget(null, true, "other"), "default");
    assertFails("conflicting_arguments", () -> forget(null, null, null), "whole_collection");
    assertFails("conflicting_arguments", () -> forget(List.of("b"), true, null), "documents");
  }

  private ListSources.Result list(String after, int limit) throws Exception {
    return bench.sources.call(new ListSources.Arguments(null, after, limit, null), bench.call);
  }

  private Forget.Result forget(List<String> documents, Boolean all, String collection)
      throws Exception {
    return bench.forget.call(new Forget.Arguments(documents, all, collection, null), bench.call);
  }

  @Test
  void mistakesAreNamed() {
    assertFails("unknown_collection", () -> retrieve("x", null), "ingest");
    assertFails("missing_query", () -> retrieve(null, null), "query");
    assertFails("unknown_context", () -> retrieve("x", "ctx_x"), "ctx_x");
    assertFails("invalid_collection", () -> ingest("../etc", "a", "b"), "../etc");
    assertFails("empty_document", () -> ingest(null, "a", "  "), "\"a\"");
    List<Ingest.DocumentInput> much =
        IntStream.range(0, 5)
            .mapToObj(i -> new Ingest.DocumentInput("d" + i, null, "x".repeat(1_000_000), null))
            .toList();
    assertFails(
        "text_too_long",
        () -> bench.ingest.call(new Ingest.Arguments(much, null, null), bench.call),
        "5,000,000",
        "4,000,000");
  }
}
