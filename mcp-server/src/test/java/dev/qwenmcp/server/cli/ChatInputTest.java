package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChatInputTest {
  @Test
  void takesALineAsAMessage() {
    assertThat(ChatInput.complete("it's a \"test\"")).isTrue();
    assertThat(ChatInput.message("  it's a \"test\" ")).isEqualTo("it's a \"test\"");
  }

  @Test
  void goesOnAfterABackslash() {
    assertThat(ChatInput.complete("one\\")).isFalse();
    assertThat(ChatInput.complete("one\\\ntwo")).isTrue();
    assertThat(ChatInput.message("one\\\ntwo")).isEqualTo("one\ntwo");
  }

  @Test
  void goesOnInsideThreeQuotes() {
    assertThat(ChatInput.complete("\"\"\"one")).isFalse();
    assertThat(ChatInput.complete("\"\"\"one\n\\")).isFalse();
    assertThat(ChatInput.complete("\"\"\"one\ntwo\"\"\"")).isTrue();
    assertThat(ChatInput.message("\"\"\"one\\\n /two\"\"\"")).isEqualTo("one\\\n /two");
  }
}
