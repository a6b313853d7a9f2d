package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.context.Entry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnowledgeToolsTest {
  private final Workbench bench = new Workbench();

  private Ingest.Result ingest(String collection, String id, String text) throws Exception {
    return bench.ingest.call(
        new Ingest.Arguments(List.of(new Ingest.DocumentInput(id, null, text)), collection, null),
        bench.call);
  }

  private Retrieve.Result retrieve(String query, String contextId) throws Exception {
    return bench.retrieve.call(new Retrieve.Arguments(query, null, null, contextId), bench.call);
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
  void mistakesAreNamed() {
    assertFails("unknown_collection", () -> retrieve("x", null), "ingest");
    assertFails("missing_query", () -> retrieve(null, null), "query");
    assertFails("unknown_context", () -> retrieve("x", "ctx_x"), "ctx_x");
    assertFails("invalid_collection", () -> ingest("../etc", "a", "b"), "../etc");
    assertFails("empty_document", () -> ingest(null, "a", "  "), "\"a\"");
    List<Ingest.DocumentInput> much =
        IntStream.range(0, 5)
            .mapToObj(i -> new Ingest.DocumentInput("d" + i, null, "x".repeat(1_000_000)))
            .toList();
    assertFails(
        "text_too_long",
        () -> bench.ingest.call(new Ingest.Arguments(much, null, null), bench.call),
        "5,000,000",
        "4,000,000");
  }
}
