package dev.qwenmcp.server.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;

/** Prints the steps of a demonstration, wrapped for a terminal. */
final class DemoReport {
  private static final int WIDTH = 96;
  private static final String INDENT = " ".repeat(16);

  private final PrintWriter out;

  DemoReport(PrintWriter out) {
    this.out = out;
  }

  void title(String text) {
    out.println();
    out.println(styled("bold", text));
  }

  void step(int number, String tool, String question) {
    out.println();
    out.println(styled("bold", number + "  " + tool) + styled("faint", "  " + question));
  }

  void input(String name, String value) {
    line("  ", name, value);
  }

  void result(String name, String value) {
    line(styled("green", "->"), name, value);
  }

  /** What a call cost: seconds, and tokens where a model worked. */
  void cost(DemoFlow.Timed reply) {
    String text = String.format(Locale.ROOT, "%.2f s", reply.seconds());
    if (reply.content().get("usage") instanceof Map<?, ?> usage) {
      text +=
          String.format(
              Locale.ROOT,
              "; %s tokens read (%s of them known already) in %.2f s, %s written in %.2f s",
              usage.get("prompt_tokens"),
              usage.get("cached_tokens"),
              seconds(usage, "prompt_seconds"),
              usage.get("generated_tokens"),
              seconds(usage, "generate_seconds"));
    }
    line("  ", "cost", text);
  }

  void seconds(long begin) {
    line("  ", "cost", String.format(Locale.ROOT, "%.2f s", (System.nanoTime() - begin) / 1e9));
  }

  void note(String text) {
    out.println();
    wrap("", text).forEach(out::println);
  }

  /** How to use the server from a client of one's own. */
  void nextSteps(List<String> command) {
    String program = command.getFirst().replace("\\", "\\\\");
    out.println();
    out.println(styled("bold", "Next"));
    out.println("  Claude Code            claude mcp add qwen -- " + program + " serve");
    out.println("  Codex                  codex mcp add qwen -- " + program + " serve");
    out.println("  Claude Desktop, Cursor, and most others, in their JSON configuration:");
    out.println(
        """

            { "mcpServers": { "qwen": { "command": "%s", "args": ["serve"] } } }
        """
            .formatted(program));
    out.println("  A better model         add --model /path/to/a/Qwen3.gguf after serve");
    out.println("  In this terminal       " + program + " chat");
    out.flush();
  }

  private void line(String mark, String name, String value) {
    List<String> lines = wrap(INDENT, value);
    out.printf("%s %-12s %s%n", mark, name, lines.getFirst().strip());
    lines.stream().skip(1).forEach(out::println);
    out.flush();
  }

  /** Lines of at most WIDTH characters, all indented; words longer than that stay whole. */
  static List<String> wrap(String indent, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(indent);
    for (String word : text.split(" ")) {
      if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
      }
      if (line.length() > indent.length()) {
        line.append(' ');
      }
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static double seconds(Map<?, ?> usage, String key) {
    return ((Number) usage.get(key)).doubleValue();
  }

  private static String styled(String style, String text) {
    Text styled = Ansi.AUTO.new Text("@|" + style + " " + text + "|@");
    return styled.toString();
  }
}
