package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.protocol.Tool;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextToolsTest {
  private final Workbench bench = new Workbench();

  private String open() throws Exception {
    return bench
        .open
        .call(new OpenContext.Arguments("Ticket 7", null, null), bench.call)
        .contextId();
  }

  private void append(String context, String text) throws Exception {
    bench.contexts.append(
        "local", new ContextId(context), List.of(EntryDraft.text("document", "test", text)));
  }

  private ReadContext.Result read(String context, Integer from, Integer limit) throws Exception {
    return bench.read.call(new ReadContext.Arguments(context, from, limit, null), bench.call);
  }

  @Test
  void opensAContextAndRenewsIt() throws Exception {
    OpenContext.Result opened =
        bench.open.call(new OpenContext.Arguments("Ticket 7", null, null), bench.call);
    assertThat(opened.contextId()).startsWith("ctx_");
    assertThat(opened.title()).isEqualTo("Ticket 7");
    assertThat(Instant.parse(opened.expires())).isAfter(Instant.parse(opened.created()));
    append(opened.contextId(), "x");
    OpenContext.Result again =
        bench.open.call(new OpenContext.Arguments(null, opened.contextId(), null), bench.call);
    assertThat(again.contextId()).isEqualTo(opened.contextId());
    assertThat(again.title()).isEqualTo("Ticket 7");
    assertThat(again.entries()).isEqualTo(1);
  }

  @Test
  void statesTheLifetimeInItsDescription() {
    assertThat(bench.open.spec().description())
        .contains(bench.contexts.lifetimeInWords() + " after");
  }

  @Test
  void readsInPages() throws Exception {
    String context = open();
    for (int i = 0; i < 25; i++) {
      append(context, "text " + i);
    }
    ReadContext.Result first = read(context, null, null);
    assertThat(first.total()).isEqualTo(25);
    assertThat(first.title()).isEqualTo("Ticket 7");
    assertThat(first.entries()).hasSize(20);
    assertThat(first.nextFrom()).isEqualTo(20);
    ReadContext.Result second = read(context, first.nextFrom(), null);
    assertThat(second.entries())
        .extracting(ReadContext.EntryView::index)
        .containsExactly(20, 21, 22, 23, 24);
    assertThat(second.nextFrom()).isNull();
    assertThat(read(context, 99, 5).entries()).isEmpty();
  }

  @Test
  void aPageIsNeverTooLongForAClient() throws Exception {
    String context = open();
    append(context, "a".repeat(50_000));
    append(context, "b".repeat(50_000));
    append(context, "😀".repeat(100_000));
    ReadContext.Result first = read(context, null, null);
    assertThat(first.entries()).hasSize(1);
    assertThat(first.nextFrom()).isEqualTo(1);
    ReadContext.EntryView longest = read(context, 2, null).entries().getFirst();
    assertThat(longest.text()).hasSize(60_000).doesNotContain("\ufffd").endsWith("😀");
    assertThat(longest.textLength()).isEqualTo(200_000);
  }

  @Test
  void aLongEntryIsReadPieceByPiece() throws Exception {
    String context = open();
    append(context, "x");
    String text = "ab😀".repeat(40_000);
    append(context, text);
    StringBuilder joined = new StringBuilder();
    while (joined.length() < text.length()) {
      ReadContext.EntryView piece =
          bench
              .read
              .call(new ReadContext.Arguments(context, 1, 1, joined.length()), bench.call)
              .entries()
              .getFirst();
      assertThat(piece.textStart()).isEqualTo(joined.isEmpty() ? null : joined.length());
      assertThat(piece.textLength()).isEqualTo(text.length());
      joined.append(piece.text());
    }
    assertThat(joined).hasToString(text);
  }

  @Test
  void appendsForksListsAndCloses() throws Exception {
    String context = open();
    AppendToContext.Result first =
        bench.append.call(
            new AppendToContext.Arguments(
                context, "Grüße", AppendToContext.CallerRole.USER, null, 0),
            bench.call);
    assertThat(first.index()).isZero();
    assertThat(first.version()).isEqualTo(1);
    assertThat(first.bytes()).isEqualTo(7);
    assertFails(
        "context_conflict",
        () ->
            bench.append.call(
                new AppendToContext.Arguments(context, "x", null, null, 0), bench.call),
        "version 1",
        "expected_version 1");
    append(context, "second");

    ForkContext.Result fork =
        bench.fork.call(new ForkContext.Arguments(context, 1, null), bench.call);
    assertThat(fork.title()).isEqualTo("Ticket 7");
    assertThat(fork.entries()).isEqualTo(1);
    assertThat(read(fork.contextId(), null, null).entries())
        .extracting(ReadContext.EntryView::text)
        .containsExactly("Grüße");

    ListContexts.Result list =
        bench.contextList.call(new ListContexts.Arguments("ticket", null, 1, null), bench.call);
    assertThat(list.contexts())
        .extracting(ContextView::contextId)
        .containsExactly(fork.contextId());
    assertThat(
            bench
                .contextList
                .call(new ListContexts.Arguments("ticket", list.nextCursor(), 1, null), bench.call)
                .contexts())
        .extracting(ContextView::contextId)
        .containsExactly(context);

    assertThat(bench.close.call(new CloseContext.Arguments(context), bench.call).entries())
        .isEqualTo(2);
    assertFails("closed_context", () -> read(context, null, null), "was closed at");
    assertThat(read(fork.contextId(), null, null).entries()).hasSize(1);
  }

  @Test
  void pinsAndUnpins() throws Exception {
    String context = open();
    OpenContext.Result pinned =
        bench.open.call(new OpenContext.Arguments(null, context, true), bench.call);
    assertThat(pinned.pinned()).isTrue();
    assertThat(pinned.expires()).isNull();
    assertThat(
            bench.open.call(new OpenContext.Arguments(null, context, false), bench.call).expires())
        .isNotNull();
  }

  @Test
  void everyToolThatOpensOrEndsAContextStatesTheLifetime() {
    for (Tool<?, ?> tool :
        List.of(bench.open, bench.read, bench.append, bench.fork, bench.contextList, bench.close)) {
      assertThat(tool.spec().description()).contains(bench.contexts.lifetimeInWords() + " after");
    }
  }

  @Test
  void showsWhatAModelProduced() throws Exception {
    String context = bench.generate.call(Asking.of("Hello").arguments(), bench.call).contextId();
    ReadContext.EntryView answer = read(context, 1, 1).entries().getFirst();
    assertThat(answer.role()).isEqualTo("assistant");
    assertThat(answer.tool()).isEqualTo("generate");
    assertThat(answer.model()).isEqualTo("nano");
    assertThat(answer.usage().generatedTokens()).isPositive();
    assertThat(answer.structured()).contains("finish_reason");
    assertThat(read(context, 0, 1).entries().getFirst().model()).isNull();
  }

  @Test
  void unknownContextsAreNamed() {
    assertFails("unknown_context", () -> read("ctx_nothing", null, null), "ctx_nothing");
    assertFails(
        "unknown_context",
        () -> bench.open.call(new OpenContext.Arguments(null, "ctx_x", null), bench.call));
  }

  @Test
  void listsModelsWithTheDefaultFirst() throws Exception {
    ListModels.Result result =
        bench.list.call(new ListModels.Arguments(null, null, null), bench.call);
    assertThat(result.models())
        .extracting(ListModels.ModelView::name)
        .containsExactly("nano", "random");
    assertThat(result.models().getFirst().isDefault()).isTrue();
    assertThat(result.models().getFirst().contextTokens()).isEqualTo(512);
    assertThat(result.contextId()).isNull();
    String context = open();
    assertThat(
            bench.list.call(new ListModels.Arguments(null, null, context), bench.call).contextId())
        .isEqualTo(context);
    assertFails(
        "unknown_context",
        () -> bench.list.call(new ListModels.Arguments(null, null, "ctx_x"), bench.call));
  }
}
