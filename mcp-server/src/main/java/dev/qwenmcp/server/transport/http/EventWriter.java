package dev.qwenmcp.server.transport.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Server-sent events in the answer to one HTTP request. */
final class EventWriter {
  static final String TYPE = "text/event-stream";

  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ServletOutputStream out;

  /** Begins the answer. */
  EventWriter(HttpServletResponse response) throws IOException {
    response.setContentType(TYPE);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no"); // proxies pass each event on at once
    this.out = response.getOutputStream();
    response.flushBuffer();
  }

  /** Names the place that a client may come back to before anything is said. */
  void prime(EventStream stream) throws IOException {
    out.write(("id: " + stream.place(0) + "\ndata: \n\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /**
   * Writes messages.
   *
   * @param named stream whose places are named, null for none
   */
  void write(List<EventStream.Event> events, EventStream named) throws IOException {
    for (EventStream.Event event : events) {
      String place = named == null ? "" : "id: " + named.place(event.number()) + "\n";
      write("event: message\n" + place, event.json());
    }
    out.flush();
  }

  /** Writes an event of another kind. */
  void write(String kind, String data) throws IOException {
    write("event: " + kind + "\n", data.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /**
   * @param data without line breaks
   */
  private void write(String head, byte[] data) throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream(head.length() + data.length + 8);
    event.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    event.writeBytes(data);
    event.writeBytes(END);
    out.write(event.toByteArray());
  }

  /**
   * Writes a comment, which clients pass over.
   *
   * @throws IOException if the client has gone; the first write after that may still succeed
   */
  void heartbeat() throws IOException {
    out.write(HEARTBEAT);
    out.flush();
  }
}
