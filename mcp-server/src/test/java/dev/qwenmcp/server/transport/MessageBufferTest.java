package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MessageBufferTest {
  /** Would take hours if the buffer grew by a little at each escape. */
  @Test
  @Timeout(30)
  void aTextThatIsAllEscapesIsWrittenInTimeLinearInItsLength() {
    String text = "\n".repeat(20_000_000);
    MessageBuffer buffer = new MessageBuffer(0);

    buffer.writeEscaped(text.getBytes(StandardCharsets.UTF_8));

    assertThat(buffer.toByteArray()).hasSize(2 * text.length());
  }
}
