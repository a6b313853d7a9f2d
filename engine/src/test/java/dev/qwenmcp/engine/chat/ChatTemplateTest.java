package dev.qwenmcp.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.tokenizer.TestTokenizers;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
  @Test
  void writesAUserTurnToIds() throws Exception {
    String jinja =
        Files.readString(TestTokenizers.shared("data/qwen3-tokenizer/Qwen-Qwen3-0.6B.jinja"));
    ChatTemplate template = ChatTemplate.of(jinja, TestTokenizers.qwen3());
    ChatPrompt prompt = ChatPrompt.of(List.of(Message.user("Hello")), ThinkingMode.OFF);
    assertThat(template.render(prompt))
        .isEqualTo(
            "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n");
    assertThat(template.encode(prompt))
        .containsExactly(
            151644, 872, 198, 9707, 151645, 198, 151644, 77091, 198, 151667, 271, 151668, 271);
    assertThat(template.stopTokens()).containsExactly(151645, 151643);
  }
}
