package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.Connection;
import dev.qwenmcp.server.transport.MalformedMessageException;
import dev.qwenmcp.server.transport.Outlet;
import dev.qwenmcp.server.transport.RpcCodec;
import dev.qwenmcp.server.transport.RpcSession;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * MCP's older transport over HTTP: a GET whose stream has all that the server says, and a POST for
 * each message. Streamable HTTP has replaced it; this is for clients that know nothing newer.
 *
 * <p>A session lives as long as its stream: a client that vanishes takes its calls along.
 */
public final class SseTransport {
  private static final String SESSION = "sessionId";

  private final StreamableLimits limits;
  private final String messagesPath;
  private final RpcCodec codec = new RpcCodec();
  private final MessageBody bodies;
  private final BodyBudget budget;
  private final StreamableSessions sessions;
  private volatile boolean stopping;

  /**
   * @param budget for messages
   * @param services makes the service of each new session
   * @param messagesPath where clients POST
   */
  public SseTransport(
      StreamableLimits limits,
      BodyBudget budget,
      Supplier<? extends RpcSession> services,
      String messagesPath) {
    this.limits = limits;
    this.budget = budget;
    this.messagesPath = messagesPath;
    this.bodies = new MessageBody(limits.maxBodyBytes(), codec);
    this.sessions = new StreamableSessions(limits, services, codec);
  }

  /** Number of sessions that are open. */
  public int openSessions() {
    return sessions.all().size();
  }

  /** Answers the GET that opens a session. */
  public HttpServlet streams() {
    return new Streams();
  }

  /** Takes the POSTs of sessions. */
  public HttpServlet messages() {
    return new Messages();
  }

  /**
   * Takes no more calls, lets those that run end, and then ends all sessions.
   *
   * @param drain how long calls may run on; then they are cancelled and answered
   */
  public void stop(Duration drain) throws InterruptedException {
    stopping = true;
    long deadline = System.nanoTime() + drain.toNanos();
    for (StreamableSession session : sessions.all()) {
      long left = Math.max(0, deadline - System.nanoTime());
      session.connection().drain(Duration.ofNanos(left), "the server is stopping");
    }
    sessions.close();
  }

  private void requireRunning() throws HttpRefusal {
    if (stopping) {
      throw new HttpRefusal(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the server is stopping");
    }
  }

  /** Opens sessions. */
  private final class Streams extends ProtocolServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        requireRunning();
        stream(request, response);
      } catch (HttpRefusal e) {
        e.answer(response, codec);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("the server is stopping").initCause(e);
      }
    }
  }

  private void stream(HttpServletRequest request, HttpServletResponse response)
      throws HttpRefusal, IOException, InterruptedException {
    StreamableSession session =
        sessions
            .create(McpServlet.principal(request))
            .orElseThrow(() ->
                HttpRefusal.busy(
                    null,
                    "there are as many sessions as this server keeps; try again in a minute",
                    StreamableSessions.RETRY_SECONDS));
    EventStream.Reader reader = session.notices().read(0);
    sessions.admit(session);
    try {
      EventWriter events = new EventWriter(response);
      events.write("endpoint", messagesPath + "?" + SESSION + "=" + session.id());
      AnswerWriter.follow(
          events,
          null,
          reader,
          () -> session.connection().busy() ? limits.callHeartbeat() : limits.noticeHeartbeat(),
          McpServlet.admission(request));
    } finally {
      reader.leave();
      sessions.end(session);
    }
  }

  /** Takes messages. */
  private final class Messages extends ProtocolServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        requireRunning();
        accept(request);
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
      } catch (HttpRefusal e) {
        e.answer(response, codec);
      }
    }
  }

  private void accept(HttpServletRequest request) throws HttpRefusal, IOException {
    String id = request.getParameter(SESSION);
    StreamableSession session =
        sessions
            .find(id == null ? "" : id, McpServlet.principal(request))
            .orElseThrow(() ->
                new HttpRefusal(
                    HttpServletResponse.SC_NOT_FOUND,
                    "no session has this id; GET the stream first, which says where to POST"));
    Connection connection = session.connection();
    try (BodyBudget.Share share = budget.open()) {
      JsonNode message = bodies.read(request, share);
      connection.accept(message, new Answers(session.notices()), TraceHeaders.of(request));
      session.notices().wake(); // calls run now: heartbeats come sooner
    } catch (MalformedMessageException e) {
      throw new HttpRefusal(HttpServletResponse.SC_BAD_REQUEST, e.id(), e.error());
    }
  }

  /** All answers go to the one stream. */
  private record Answers(EventStream stream) implements Outlet {
    @Override
    public void send(JsonNode answer) {
      stream.deliver(answer);
    }

    @Override
    public void nothing() {
      // The stream goes on.
    }

    @Override
    public boolean offer(JsonNode message) {
      return stream.offer(message);
    }
  }
}
