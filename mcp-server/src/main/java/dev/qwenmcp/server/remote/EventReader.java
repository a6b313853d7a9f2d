package dev.qwenmcp.server.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads server-sent events, as the HTML standard defines the format ({@code text/event-stream}):
 * the data of one event after the other. Sizes are bounded, whatever the server sends.
 */
final class EventReader {
  /** No piece of an answer is nearly as long. */
  static final int MOST_BYTES = 1 << 20;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean afterReturn;
  private boolean ended;
  private boolean first = true;

  EventReader(InputStream in) {
    this.in = in;
  }

  /**
   * The data of the next event that has any, empty at the end; an event that the end cut off does
   * not count.
   *
   * @throws EventTooLongException if a line or an event is longer than any answer's
   * @throws IOException if the connection breaks
   */
  Optional<String> next() throws IOException {
    StringBuilder data = new StringBuilder();
    boolean any = false;
    while (true) {
      String text = readLine();
      if (text == null) {
        return Optional.empty();
      }
      if (text.isEmpty()) {
        if (any) {
          return Optional.of(data.toString());
        }
        continue;
      }
      String value = data(text);
      if (value != null) {
        if (any) {
          data.append('\n');
        }
        any = true;
        data.append(value);
        if (data.length() > MOST_BYTES) {
          throw new EventTooLongException();
        }
      }
    }
  }

  /** The value of a {@code data} field, null for another field or a comment. */
  private static String data(String line) {
    if (line.equals("data")) {
      return "";
    }
    if (!line.startsWith("data:")) {
      return null;
    }
    return line.substring(line.startsWith("data: ") ? 6 : 5);
  }

  /** A line without its end, which is CR, LF or both; null at the end of the stream. */
  private String readLine() throws IOException {
    if (ended) {
      return null;
    }
    line.reset();
    while (true) {
      int b = in.read();
      if (b == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = b == '\r';
      if (b < 0) {
        ended = true;
        return null;
      }
      if (b == '\n' || b == '\r') {
        return text();
      }
      if (line.size() == MOST_BYTES) {
        throw new EventTooLongException();
      }
      line.write(b);
    }
  }

  private String text() {
    String text = line.toString(StandardCharsets.UTF_8);
    boolean marked = first && text.startsWith("\uFEFF");
    first = false;
    return marked ? text.substring(1) : text;
  }

  /** An event that is longer than any answer's. */
  static final class EventTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    EventTooLongException() {
      super("an event of more than " + MOST_BYTES + " bytes");
    }
  }
}
