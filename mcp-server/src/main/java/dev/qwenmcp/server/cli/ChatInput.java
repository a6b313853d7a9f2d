package dev.qwenmcp.server.cli;

import java.util.List;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/**
 * When a typed message is complete: not while its last line ends with a backslash, nor inside
 * {@code """}.
 */
final class ChatInput implements Parser {
  private static final String FENCE = "\"\"\"";

  private final DefaultParser words = new DefaultParser();

  ChatInput() {
    // Messages are prose: apostrophes and backslashes mean themselves.
    words.setQuoteChars(new char[0]);
    words.setEscapeChars(new char[0]);
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !complete(line)) {
      throw new EOFError(-1, -1, "the message goes on");
    }
    return words.parse(line, cursor, ParseContext.COMPLETE);
  }

  static boolean complete(String line) {
    if (line.stripLeading().startsWith(FENCE)) {
      String rest = line.stripLeading().substring(FENCE.length());
      return rest.contains(FENCE);
    }
    return !line.endsWith("\\");
  }

  /** The message without the marks that kept it open. */
  static String message(String line) {
    String text = line.strip();
    if (text.startsWith(FENCE)) {
      String rest = text.substring(FENCE.length());
      int end = rest.indexOf(FENCE);
      return (end < 0 ? rest : rest.substring(0, end) + rest.substring(end + FENCE.length()))
          .strip();
    }
    return String.join("\n", lines(text));
  }

  private static List<String> lines(String text) {
    return text.lines()
        .map(line -> line.endsWith("\\") ? line.substring(0, line.length() - 1) : line)
        .toList();
  }
}
