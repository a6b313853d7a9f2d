package dev.qwenmcp.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AfterReasoningTest {
  private static final int OPEN = 3;
  private static final int CLOSE = 4;
  private static final int NEWLINES = 5;
  private static final int END = 6;
  private static final AfterReasoning.Marks MARKS =
      new AfterReasoning.Marks(OPEN, CLOSE, new int[] {NEWLINES}, new int[] {END});

  private static AfterReasoning constraint(boolean thinks) {
    byte[][] tokens = {{'a'}, {'b'}, {'c'}, null, null, {'\n', '\n'}, null};
    return new AfterReasoning(
        MARKS, thinks, Grammar.regex("ab?").over(Vocabularies.trie(tokens)).constraint(END));
  }

  private static List<Integer> allowed(TokenConstraint constraint) {
    float[] logits = new float[7];
    constraint.mask(logits);
    List<Integer> allowed = new ArrayList<>();
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] == 0) {
        allowed.add(id);
      }
    }
    return allowed;
  }

  @Test
  void anythingMayBeThoughtButTheEndAndThenTheAnswerIsHeld() {
    AfterReasoning constraint = constraint(true);
    assertThat(allowed(constraint)).containsExactly(0, 1, 2, OPEN, CLOSE, NEWLINES);
    for (int id : new int[] {2, 1, NEWLINES, 0, 2}) {
      constraint.accept(id);
      assertThat(constraint.complete()).isFalse();
      assertThat(constraint.forcedText().text()).isEmpty();
      assertThat(allowed(constraint)).contains(2, CLOSE).doesNotContain(END);
    }
    constraint.accept(CLOSE);
    assertThat(constraint.answering()).isFalse();
    assertThat(allowed(constraint)).containsExactly(NEWLINES);
    assertThat(constraint.forced(4)).containsExactly(NEWLINES);
    assertThatThrownBy(() -> constraint.accept(0)).isInstanceOf(IllegalArgumentException.class);
    constraint.accept(NEWLINES);
    assertThat(constraint.answering()).isTrue();
    assertThat(allowed(constraint)).containsExactly(0);
    assertThat(constraint.forcedText().text()).isEqualTo("a");
    constraint.accept(0);
    assertThat(allowed(constraint)).containsExactly(1, END);
    assertThat(constraint.complete()).isTrue();
    constraint.accept(1);
    assertThat(constraint.finished()).isTrue();
  }

  @Test
  void theThinkingMayBeLeftOutWhereTheModelOpensItItself() {
    AfterReasoning thinking = constraint(false);
    assertThat(allowed(thinking)).containsExactly(0, OPEN);
    assertThat(thinking.forcedText().text()).isEmpty();
    thinking.accept(OPEN);
    assertThat(allowed(thinking)).contains(2, CLOSE).doesNotContain(END);
    AfterReasoning answering = constraint(false);
    answering.accept(0);
    assertThat(answering.complete()).isTrue();
    assertThat(allowed(answering)).containsExactly(1, END);
  }
}
