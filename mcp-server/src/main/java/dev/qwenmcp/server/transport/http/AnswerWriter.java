package dev.qwenmcp.server.transport.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Writes the answer to a POST: as JSON where it comes soon and alone, else as a stream of events.
 *
 * <p>A stream has heartbeats, since only a write shows that the client has gone. A client that
 * takes JSON only gets white space for heartbeats, which JSON allows before its text.
 */
final class AnswerWriter {
  /** As long as this an answer is waited for before a stream begins. */
  private static final Duration SOON = Duration.ofMillis(250);

  private final StreamableLimits limits;
  private final EventStream stream;
  private final EventStream.Reader reader;
  private final HttpServletResponse response;

  AnswerWriter(StreamableLimits limits, EventStream stream, HttpServletResponse response) {
    this.limits = limits;
    this.stream = stream;
    this.reader = stream.read(0);
    this.response = response;
  }

  /**
   * How a client wants its answer.
   *
   * @param events whether it reads streams of events
   * @param resumable whether it may come back to a stream that broke
   * @param primed whether it takes an empty event for the place to come back to
   * @param status HTTP status for the code of a JSON-RPC error, where the answer is JSON
   * @param onStream told when the answer becomes a stream
   */
  record Form(
      boolean events,
      boolean resumable,
      boolean primed,
      IntUnaryOperator status,
      Runnable onStream) {}

  /**
   * Writes the answer when it comes.
   *
   * @throws IOException if the client has gone; what was done for it is cancelled unless it comes
   *     back
   */
  void write(Form form) throws IOException, InterruptedException {
    try {
      EventStream.Next first = reader.next(SOON);
      if (!form.events()) {
        writeJson(first, form);
      } else if (first.over() && first.events().size() == 1) {
        writeJson(first.events().getFirst(), form);
      } else {
        writeEvents(first, form);
      }
    } catch (IOException e) {
      lost(form);
      throw e;
    } finally {
      reader.leave();
    }
  }

  private void writeJson(EventStream.Event answer, Form form) throws IOException {
    if (answer.failed()) {
      response.setStatus(form.status().applyAsInt(answer.errorCode()));
    }
    JsonAnswer.write(response, answer.json());
  }

  private void writeJson(EventStream.Next first, Form form)
      throws IOException, InterruptedException {
    EventStream.Next next = first;
    while (!next.over()) {
      if (next.events().isEmpty()) {
        response.setContentType(JsonAnswer.TYPE);
        response.getOutputStream().write('\n');
        response.flushBuffer();
      }
      next = reader.next(limits.callHeartbeat());
    }
    if (next.events().isEmpty() || !next.events().getLast().answer()) {
      if (!response.isCommitted()) {
        response.setStatus(HttpServletResponse.SC_ACCEPTED); // cancelled: nothing to say
      }
    } else if (response.isCommitted()) {
      response.getOutputStream().write(next.events().getLast().json());
    } else {
      writeJson(next.events().getLast(), form);
    }
  }

  private void writeEvents(EventStream.Next first, Form form)
      throws IOException, InterruptedException {
    form.onStream().run();
    EventWriter events = new EventWriter(response);
    if (form.primed()) {
      events.prime(stream);
    }
    EventStream named = form.resumable() ? stream : null;
    events.write(first.events(), named);
    if (!first.over()) {
      follow(events, named, reader, limits::callHeartbeat);
    }
  }

  /** Writes events until there are no more, with heartbeats between them. */
  static void follow(
      EventWriter events,
      EventStream named,
      EventStream.Reader reader,
      Supplier<Duration> heartbeat)
      throws IOException, InterruptedException {
    EventStream.Next next = new EventStream.Next(List.of(), false);
    while (!next.over()) {
      next = reader.next(heartbeat.get());
      if (next.events().isEmpty() && !next.over()) {
        events.heartbeat();
      } else {
        events.write(next.events(), named);
      }
    }
  }

  private void lost(Form form) throws InterruptedException {
    reader.leave();
    boolean back = form.resumable() && stream.attendedWithin(limits.resume());
    if (!back) {
      stream.abandon();
    }
  }
}
