package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.ContextOverflowException;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ThinkingMode;
import java.io.PrintWriter;
import java.util.function.Function;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;

/** Reads messages and slash commands from a terminal until the user ends. */
final class ChatLoop {
  private static final String PROMPT = "> ";
  private static final String NEW_LINE_WIDGET = "insert-line-end";

  private final Terminal terminal;
  private final Conversation conversation;
  private final Function<ThinkingMode, GenerationRequest> request;
  private final String modelLine;
  private final ChatCommands commands;
  private final TerminalStyle style;

  /**
   * @param request how to answer in each mode
   * @param modelLine who answers, for the greeting
   */
  ChatLoop(
      Terminal terminal,
      Conversation conversation,
      Function<ThinkingMode, GenerationRequest> request,
      String modelLine) {
    this.terminal = terminal;
    this.conversation = conversation;
    this.request = request;
    this.modelLine = modelLine;
    this.style = TerminalStyle.of(terminal);
    this.commands = new ChatCommands(conversation, terminal.writer(), style);
  }

  void run() {
    LineReader reader = reader();
    PrintWriter out = terminal.writer();
    out.println(style.dim(modelLine));
    out.println(style.dim("/help for help, Ctrl-D to end"));
    while (true) {
      String line;
      try {
        line = reader.readLine(PROMPT);
      } catch (UserInterruptException _) {
        continue; // Ctrl-C at the prompt drops the line
      } catch (EndOfFileException _) {
        return;
      }
      String text = ChatInput.message(line);
      if (text.isBlank()) {
        continue;
      }
      if (text.startsWith("/")) {
        if (!commands.run(text)) {
          return;
        }
      } else {
        answer(text);
      }
      out.flush();
    }
  }

  private LineReader reader() {
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("qwen-mcp")
            .parser(new ChatInput())
            .completer(new StringsCompleter(ChatCommands.NAMES))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    reader
        .getWidgets()
        .put(
            NEW_LINE_WIDGET,
            () -> {
              reader.getBuffer().write('\n');
              return true;
            });
    reader
        .getKeyMaps()
        .get(LineReader.MAIN)
        .bind(new Reference(NEW_LINE_WIDGET), KeyMap.alt('\r'), KeyMap.alt('\n'));
    return reader;
  }

  /** Prints an answer while it is generated; Ctrl-C ends it and nothing else. */
  private void answer(String text) {
    PrintWriter out = terminal.writer();
    Cancellation cancellation = new Cancellation();
    Terminal.SignalHandler before =
        terminal.handle(Terminal.Signal.INT, _ -> cancellation.cancel());
    try {
      Conversation.Turn turn =
          conversation.say(
              text,
              request.apply(conversation.thinking()),
              new ReplyPrinter(out, out, style.ansi()),
              cancellation);
      out.println();
      out.println(style.dim(summary(turn)));
    } catch (ContextOverflowException e) {
      out.println(style.warning(e.getMessage()));
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
    }
  }

  private static String summary(Conversation.Turn turn) {
    Usage usage = turn.result().usage();
    StringBuilder line = new StringBuilder("[");
    line.append(usage.generatedTokens()).append(" tokens");
    line.append(UsageText.speed(usage.generatedTokens(), usage.generateSeconds()));
    FinishReason reason = turn.result().finishReason();
    switch (reason) {
      case STOP -> {}
      case CANCELLED -> line.append("; stopped");
      case LENGTH -> line.append("; cut off, --max-tokens allows more");
      case TIME -> line.append("; cut off, --time-limit allows more");
      case CONTEXT_FULL -> line.append("; cut off, the context is full");
    }
    if (turn.forgotten() > 0) {
      line.append("; forgot the oldest ").append(turn.forgotten()).append(" messages");
    }
    return line.append("]").toString();
  }
}
