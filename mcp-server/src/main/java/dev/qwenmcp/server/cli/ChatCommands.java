package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What can be typed in a chat besides messages. */
final class ChatCommands {
  static final List<String> NAMES =
      List.of("/help", "/reset", "/system", "/think", "/save", "/quit");

  private static final String HELP =
      """
      /reset          forget the conversation
      /system TEXT    set the system message and forget the conversation; without TEXT: show it
      /think on|off   let the model reason before it answers, or not
      /save FILE      write the conversation to a file, as Markdown
      /quit           end (so does Ctrl-D)

      Ctrl-C stops an answer. A line that ends with \\ goes on, so does a message that begins with
      \""" until it ends with \"""; Alt-Enter starts a new line.\
      """;

  private final Conversation conversation;
  private final PrintWriter out;
  private final TerminalStyle style;

  ChatCommands(Conversation conversation, PrintWriter out, TerminalStyle style) {
    this.conversation = conversation;
    this.out = out;
    this.style = style;
  }

  /**
   * Runs a command.
   *
   * @return whether the chat goes on
   */
  boolean run(String line) {
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    String argument = space < 0 ? "" : line.substring(space + 1).strip();
    try {
      switch (name) {
        case "/help" -> out.println(HELP);
        case "/reset" -> {
          conversation.reset();
          out.println(style.dim("the conversation is forgotten"));
        }
        case "/system" -> system(argument);
        case "/think" -> think(argument);
        case "/save" -> save(argument);
        case "/quit", "/exit" -> {
          return false;
        }
        default ->
            throw new CliException(
                "there is no "
                    + name
                    + "; /help lists what there is. To send a message that"
                    + " begins with a slash, put a space in front of it inside \"\"\"");
      }
    } catch (CliException | IOException e) {
      out.println(style.warning(ErrorReport.describe(e)));
    }
    return true;
  }

  private void system(String text) {
    if (text.isEmpty()) {
      String current = conversation.system();
      out.println(style.dim(current.isEmpty() ? "there is no system message" : current));
      return;
    }
    conversation.system(text);
    conversation.reset();
    out.println(style.dim("the system message is set and the conversation forgotten"));
  }

  private void think(String argument) throws CliException {
    switch (argument.toLowerCase(Locale.ROOT)) {
      case "on" -> conversation.thinking(ThinkingMode.ON);
      case "off" -> conversation.thinking(ThinkingMode.OFF);
      default -> throw new CliException("/think takes on or off");
    }
    out.println(style.dim("thinking is " + argument.toLowerCase(Locale.ROOT)));
  }

  private void save(String argument) throws CliException, IOException {
    if (argument.isEmpty()) {
      throw new CliException("/save needs the name of a file");
    }
    StringBuilder text = new StringBuilder();
    if (!conversation.system().isEmpty()) {
      text.append("**system**: ").append(conversation.system()).append("\n\n");
    }
    for (Message message : conversation.messages()) {
      text.append("**").append(message.role().name().toLowerCase(Locale.ROOT)).append("**: ");
      if (!message.reasoning().isEmpty()) {
        text.append("*").append(message.reasoning()).append("*\n\n");
      }
      text.append(message.content()).append("\n\n");
    }
    Path file = Path.of(argument);
    Files.writeString(file, text);
    out.println(style.dim("saved to " + file.toAbsolutePath()));
  }
}
