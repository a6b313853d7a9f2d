package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.ContextOverflowException;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ReplyListener;
import dev.qwenmcp.engine.chat.Role;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.model.EmbeddedModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConversationTest {
  private static Engine engine;

  private Conversation conversation;
  private final StringWriter heard = new StringWriter();
  private final ReplyListener listener =
      new ReplyPrinter(new PrintWriter(heard), new PrintWriter(new StringWriter()), false);

  @BeforeAll
  static void load() throws Exception {
    engine = Engine.open(EmbeddedModel.open(), EngineOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @BeforeEach
  void open() throws Exception {
    conversation = new Conversation(engine);
  }

  @AfterEach
  void end() {
    conversation.close();
  }

  @Test
  void streamsWhatItReturns() {
    Conversation.Turn turn = say("Who are you?", 32);

    assertThat(turn.reply().content()).isNotBlank().isEqualTo(heard.toString());
    assertThat(turn.result().finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(conversation.messages())
        .extracting(Message::role)
        .containsExactly(Role.USER, Role.ASSISTANT);
  }

  @Test
  void computesEarlierTurnsOnceAndAnswersAsIfTheyWereNew() {
    say("I want to book a table for two in San Jose tonight.", 24);
    Conversation.Turn second = say("At seven, please.", 24);
    assertThat(second.result().usage().cachedTokens()).isGreaterThan(15);

    List<Message> spoken = conversation.messages();
    try (Conversation afresh = replay(spoken.subList(0, 2))) {
      Conversation.Turn cold =
          afresh.say("At seven, please.", request(24), listener, new Cancellation());
      assertThat(cold.reply().content()).isEqualTo(second.reply().content());
    }
  }

  @Test
  void forgetsTheOldestTurnsWhenTheContextIsFull() {
    String long150Tokens = "please book a table for two at seven tonight ".repeat(15);
    int forgotten = 0;
    for (int turn = 0; turn < 5; turn++) {
      forgotten += say(long150Tokens, 8).forgotten();
    }

    assertThat(forgotten).isPositive().isEven();
    assertThat(conversation.messages().getFirst().role()).isEqualTo(Role.USER);
    assertThat(conversation.messages()).hasSize(10 - forgotten);
  }

  @Test
  void refusesAMessageThatCannotFitAndStaysUsable() {
    assertThatThrownBy(() -> say("word ".repeat(2000), 8))
        .isInstanceOf(ContextOverflowException.class);

    assertThat(conversation.messages()).isEmpty();
    assertThat(say("Hello", 8).reply().content()).isNotBlank();
  }

  @Test
  void keepsACancelledAnswerAsFarAsItCame() {
    Cancellation cancellation = new Cancellation();
    ReplyListener stopper =
        new ReplyPrinter(new PrintWriter(heard), new PrintWriter(new StringWriter()), false) {
          @Override
          public void content(String piece) {
            super.content(piece);
            cancellation.cancel();
          }
        };

    Conversation.Turn turn =
        conversation.say("Tell me a short story.", request(200), stopper, cancellation);

    assertThat(turn.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(turn.result().tokens()).hasSizeLessThan(20);
    assertThat(conversation.messages().getLast().content()).isEqualTo(turn.reply().content());
    assertThat(say("Hello", 8).reply().content()).isNotBlank();
  }

  private Conversation.Turn say(String text, int maxTokens) {
    return conversation.say(text, request(maxTokens), listener, new Cancellation());
  }

  /** A conversation in which these messages were said, their answers as they were. */
  private Conversation replay(List<Message> messages) {
    try {
      Conversation replayed = new Conversation(engine);
      replayed.say(messages.getFirst().content(), request(24), listener, new Cancellation());
      assertThat(replayed.messages()).isEqualTo(messages);
      return replayed;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static GenerationRequest request(int maxTokens) {
    return new GenerationRequest(
        new int[0], SamplerSettings.GREEDY, maxTokens, Duration.ofMinutes(1), List.of(), null);
  }
}
