package dev.qwenmcp.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.engine.ExpertGrid;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.server.protocol.WorkListener;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class CallBoardTest {
  private static final ExpertGrid GRID = new ExpertGrid(2, 4, 2);
  private static final CallReport FAILED =
      new CallReport(new ToolOutcome.Failure("busy", "later"), false, Usage.NONE);

  private Instant now = Instant.EPOCH;
  private final CallBoard board = new CallBoard(() -> now);

  private CallObserver.Observed begin(String principal) {
    return board.began(
        "generate", new CallRequest("1", principal, JsonNodeFactory.instance.objectNode(), null));
  }

  private void pass(int millis) {
    now = now.plus(Duration.ofMillis(millis));
  }

  private CallsView.Call running() {
    return board.of("ann").running().getFirst();
  }

  @Test
  void aRunningCallShowsWhatIsReadAndWrittenAndHowFast() {
    CallObserver.Observed call = begin("ann");
    assertThat(running().state()).isEqualTo("waiting");
    WorkListener.Work work = call.work().begins("nano", Optional.of(GRID));

    work.read(64, 100);
    assertThat(running().state()).isEqualTo("reading");
    assertThat(running().read()).isEqualTo(64);
    assertThat(running().toRead()).isEqualTo(100);

    work.wrote(1);
    assertThat(running().tokensPerSecond()).isZero();
    pass(500);
    work.wrote(11);
    assertThat(running().state()).isEqualTo("writing");
    assertThat(running().model()).isEqualTo("nano");
    assertThat(running().usage().generatedTokens()).isEqualTo(11);
    assertThat(running().tokensPerSecond()).isCloseTo(20, within(1e-9));

    WorkListener.Work next = call.work().begins("nano", Optional.of(GRID));
    next.wrote(4);
    assertThat(running().usage().generatedTokens()).isEqualTo(15);
    assertThat(running().seconds()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void anEndedCallShowsItsReport() {
    CallObserver.Observed call = begin("ann");
    pass(2000);
    call.ended(
        new CallReport(
            new ToolOutcome.Failure("time_exceeded", "…"),
            false,
            new Usage(100, 60, 20, 30, 1, 0.5)));
    pass(9000);

    CallsView view = board.of("ann");
    assertThat(view.running()).isEmpty();
    CallsView.Call ended = view.finished().getFirst();
    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.code()).isEqualTo("time_exceeded");
    assertThat(ended.seconds()).isCloseTo(2, within(1e-9));
    assertThat(ended.tokensPerSecond()).isCloseTo(60, within(1e-9));
    assertThat(view.totals())
        .isEqualTo(new CallsView.Totals(1, 1, new Usage(100, 60, 20, 30, 1, 0.5)));
  }

  @Test
  void refusedAndCancelledCallsAreToldApart() {
    begin("ann").refused();
    begin("ann").ended(new CallReport(new ToolOutcome.Failure("cancelled", ""), true, Usage.NONE));

    assertThat(board.of("ann").finished())
        .extracting(CallsView.Call::state)
        .containsExactly("cancelled", "refused");
    assertThat(board.of("ann").totals().failed()).isEqualTo(1);
  }

  @Test
  void expertsAreCountedOverAllWorkOfACall() {
    CallObserver.Observed call = begin("ann");
    for (int i = 0; i < 2; i++) {
      ExpertListener experts = call.work().begins("nano", Optional.of(GRID)).experts();
      experts.chose(0, MemorySegment.ofArray(new int[] {3, 1, 3, 0}));
      experts.chose(1, MemorySegment.ofArray(new int[] {2, 0, 2, 0}));
    }
    assertThat(call.work().begins("dense", Optional.empty()).experts())
        .isSameAs(ExpertListener.NONE);
    call.ended(FAILED);

    WatchedCall kept = board.find("ann", 1).orElseThrow();
    assertThat(kept.experts().get("nano").byLayer())
        .isDeepEqualTo(new int[][] {{2, 2, 0, 4}, {4, 0, 4, 0}});
    assertThat(kept.view().experts()).isTrue();
  }

  @Test
  void principalsSeeTheirOwnCallsNumberedFromOne() {
    begin("ann");
    begin("ann").ended(FAILED);
    begin("bob");

    assertThat(board.of("bob").running()).extracting(CallsView.Call::number).containsExactly(1L);
    assertThat(board.of("bob").finished()).isEmpty();
    assertThat(board.find("bob", 2)).isEmpty();
    assertThat(board.of("eve")).isEqualTo(CallsView.NONE);
  }

  @Test
  void whatIsKeptIsBoundedAndRunningCallsStay() {
    CallObserver.Observed running = begin("ann");
    for (int i = 0; i < PrincipalCalls.KEPT + 5; i++) {
      begin("bob").ended(FAILED);
    }
    assertThat(board.of("bob").finished()).hasSize(PrincipalCalls.KEPT);
    assertThat(board.of("bob").totals().calls()).isEqualTo(PrincipalCalls.KEPT + 5);

    for (int i = 0; i < CallBoard.MOST_PRINCIPALS + 5; i++) {
      begin("other" + i).ended(FAILED);
    }
    assertThat(board.of("bob")).as("called longest ago").isEqualTo(CallsView.NONE);
    assertThat(board.of("ann").running()).hasSize(1);
    running.ended(FAILED);
    assertThat(board.of("ann").finished()).hasSize(1);
  }
}
