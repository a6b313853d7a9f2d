package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PullProgressLineTest {
  @Test
  void showsShareSizeSpeedAndTimeLeft() {
    assertThat(PullProgressLine.line(512L << 20, 2L << 30, 8 << 20))
        .isEqualTo(" 25 %  512.0 MiB of 2.00 GiB  8.0 MiB/s  3:12 left");
    assertThat(PullProgressLine.line(0, 20L << 30, 1 << 20)).endsWith("5:41:20 left");
    assertThat(PullProgressLine.line(999, 1000, 0)).isEqualTo(" 99 %  999 bytes of 1,000 bytes");
  }

  @Test
  void writesLinesWhereThereIsNoTerminal() {
    StringWriter out = new StringWriter();
    try (PullProgressLine line = new PullProgressLine(new PrintWriter(out), false)) {
      line.note("begins");
      line.progress(1, 100);
      line.progress(2, 100); // too soon
      line.progress(100, 100);
    }
    assertThat(out.toString().lines()).hasSize(3);
    assertThat(out.toString()).doesNotContain("\r");
  }
}
