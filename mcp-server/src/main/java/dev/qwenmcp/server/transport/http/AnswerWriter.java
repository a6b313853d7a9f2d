package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.Admission;
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

  /** As often an open stream looks whether its reader may still hear it. */
  private static final Duration LOOK = Duration.ofSeconds(1);

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
   * @param admission ends the answer, and what is done for it, when it holds no more
   */
  record Form(
      boolean events,
      boolean resumable,
      boolean primed,
      IntUnaryOperator status,
      Admission admission) {}

  /**
   * Writes the answer when it comes.
   *
   * @param onStream told when the answer becomes a stream
   * @throws IOException if the client has gone; what was done for it is cancelled unless it comes
   *     back
   */
  void write(Form form, Runnable onStream) throws IOException, InterruptedException {
    try {
      EventStream.Next first = reader.next(SOON);
      if (!form.events()) {
        writeJson(first, form);
      } else if (first.over() && first.events().size() == 1) {
        writeJson(first.events().getFirst(), form);
      } else {
        onStream.run();
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
      if (!form.admission().holds()) {
        stream.abandon();
        return;
      }
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
    EventWriter events = new EventWriter(response);
    if (form.primed()) {
      events.prime(stream);
    }
    EventStream named = form.resumable() ? stream : null;
    events.write(first.events(), named);
    if (!first.over() && !follow(events, named, reader, limits::callHeartbeat, form.admission())) {
      stream.abandon();
    }
  }

  /**
   * Writes events until there are no more, with heartbeats between them.
   *
   * @return false if the reader may not hear what is left
   */
  static boolean follow(
      EventWriter events,
      EventStream named,
      EventStream.Reader reader,
      Supplier<Duration> heartbeat,
      Admission admission)
      throws IOException, InterruptedException {
    EventStream.Next next = new EventStream.Next(List.of(), false);
    long spoken = System.nanoTime();
    while (!next.over()) {
      Duration pause = heartbeat.get();
      next = reader.next(pause.compareTo(LOOK) < 0 ? pause : LOOK);
      if (!admission.holds()) {
        return false;
      }
      if (!next.events().isEmpty() || next.over()) {
        events.write(next.events(), named);
        spoken = System.nanoTime();
      } else if (System.nanoTime() - spoken >= heartbeat.get().toNanos()) {
        events.heartbeat();
        spoken = System.nanoTime();
      }
    }
    return true;
  }

  private void lost(Form form) throws InterruptedException {
    reader.leave();
    boolean back = form.resumable() && stream.attendedWithin(limits.resume());
    if (!back) {
      stream.abandon();
    }
  }
}
