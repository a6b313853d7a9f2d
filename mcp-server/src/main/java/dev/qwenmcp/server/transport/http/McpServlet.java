package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.Admission;
import dev.qwenmcp.server.transport.Connection;
import dev.qwenmcp.server.transport.MalformedMessageException;
import dev.qwenmcp.server.transport.Outlet;
import dev.qwenmcp.server.transport.Principals;
import dev.qwenmcp.server.transport.RequestId;
import dev.qwenmcp.server.transport.RpcCodec;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcSession;
import dev.qwenmcp.server.transport.StatelessService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * MCP's Streamable HTTP: POST with a message, GET for the server's notices, DELETE for the end.
 *
 * <p>Messages of MCP 2026-07-28 and later go to a {@link StatelessService}; those of earlier
 * revisions belong to a session, which {@code initialize} opens. Each request blocks its thread, a
 * virtual one.
 */
public final class McpServlet extends ProtocolServlet {
  private static final long serialVersionUID = 1L;
  private static final String SESSION = "Mcp-Session-Id";
  private static final String VERSION = "MCP-Protocol-Version";
  private static final int INITIALIZE_SECONDS = 10;

  /** The first revision whose clients take an empty event for the place to come back to. */
  private static final String PRIMED_SINCE = "2025-11-25";

  private final transient StreamableLimits limits;
  private final transient List<String> versions;
  private final transient StatelessRequests stateless;
  private final transient RpcCodec codec = new RpcCodec();
  private final transient MessageBody bodies;
  private final transient BodyBudget budget;
  private final transient StreamableSessions sessions;
  private volatile boolean stopping;

  /**
   * @param budget for messages
   * @param services makes the service of each new session
   * @param versions of MCP that sessions speak
   * @param stateless answers later revisions, if this server speaks them
   */
  public McpServlet(
      StreamableLimits limits,
      BodyBudget budget,
      Supplier<? extends RpcSession> services,
      List<String> versions,
      Optional<? extends StatelessService> stateless) {
    this.limits = limits;
    this.budget = budget;
    this.versions = List.copyOf(versions);
    this.bodies = new MessageBody(limits.maxBodyBytes(), codec);
    this.sessions = new StreamableSessions(limits, services, codec);
    this.stateless = new StatelessRequests(limits, this.versions, stateless, codec);
  }

  /** Number of sessions that are open. */
  public int openSessions() {
    return sessions.all().size();
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (BodyBudget.Share share = budget.open()) {
      requireRunning();
      JsonNode message = bodies.read(request, share);
      if (stateless.concern(request.getHeader(VERSION), message)) {
        stateless.answer(message, request, response);
      } else if (request.getHeader(SESSION) == null) {
        initialize(message, request, response);
      } else {
        post(message, request, response);
      }
    } catch (HttpRefusal e) {
      e.answer(response, codec);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void requireRunning() throws HttpRefusal {
    if (stopping) {
      throw new HttpRefusal(
          HttpServletResponse.SC_SERVICE_UNAVAILABLE,
          null,
          new RpcError(RpcError.STOPPING, "the server is stopping"));
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("the server is stopping");
    failure.initCause(e);
    return failure;
  }

  private void initialize(
      JsonNode message, HttpServletRequest request, HttpServletResponse response)
      throws HttpRefusal, IOException, InterruptedException {
    if (!message.path("method").asString("").equals("initialize")) {
      throw new HttpRefusal(
          HttpServletResponse.SC_BAD_REQUEST,
          RequestId.of(message.get("id")),
          new RpcError(
              RpcError.INVALID_REQUEST,
              "expected a header " + SESSION + "; send initialize first, whose answer has it"));
    }
    StreamableSession session =
        sessions
            .create(principal(request))
            .orElseThrow(() ->
                HttpRefusal.busy(
                    RequestId.of(message.get("id")),
                    "there are as many sessions as this server keeps; end one with DELETE, or try"
                        + " again in a minute",
                    StreamableSessions.RETRY_SECONDS));
    JsonNode answer = onlyAnswer(session, message);
    if (answer.has("result")) {
      sessions.admit(session);
      response.setHeader(SESSION, session.id());
    } else {
      session.end();
    }
    JsonAnswer.write(response, codec.bytes(answer));
  }

  private static JsonNode onlyAnswer(StreamableSession session, JsonNode message)
      throws HttpRefusal, InterruptedException {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    Outlet outlet =
        new Outlet() {
          @Override
          public void send(JsonNode given) {
            answer.complete(given);
          }

          @Override
          public void nothing() {
            answer.completeExceptionally(new IllegalStateException("initialize was cancelled"));
          }

          @Override
          public boolean offer(JsonNode notice) {
            return false;
          }
        };
    try {
      if (!session.connection().accept(message, outlet, Map.of()).answered()) {
        throw new HttpRefusal(
            HttpServletResponse.SC_BAD_REQUEST, "expected initialize as a request, with an id");
      }
      return answer.get(INITIALIZE_SECONDS, TimeUnit.SECONDS);
    } catch (MalformedMessageException e) {
      throw new HttpRefusal(HttpServletResponse.SC_BAD_REQUEST, e.id(), e.error());
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("initialize was not answered", e);
    }
  }

  private void post(JsonNode message, HttpServletRequest request, HttpServletResponse response)
      throws HttpRefusal, IOException, InterruptedException {
    StreamableSession session = session(request);
    EventStream stream = session.answerStream();
    Connection.Accepted accepted;
    try {
      accepted = session.connection().accept(message, stream, TraceHeaders.of(request));
    } catch (MalformedMessageException e) {
      throw new HttpRefusal(HttpServletResponse.SC_BAD_REQUEST, e.id(), e.error());
    }
    if (!accepted.answered()) {
      response.setStatus(HttpServletResponse.SC_ACCEPTED);
      return;
    }
    stream.work(accepted.work());
    String version = request.getHeader(VERSION);
    AnswerWriter.Form form =
        new AnswerWriter.Form(
            accepts(request, EventWriter.TYPE),
            true,
            version != null && version.compareTo(PRIMED_SINCE) >= 0,
            code -> HttpServletResponse.SC_OK,
            admission(request));
    new AnswerWriter(limits, stream, response).write(form, () -> session.keep(stream));
    session.use();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      requireRunning();
      if (stateless.concern(request.getHeader(VERSION))) {
        response.setHeader("Allow", "POST");
        throw new HttpRefusal(
            HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this revision of MCP has POST only");
      }
      if (!accepts(request, EventWriter.TYPE)) {
        throw new HttpRefusal(
            HttpServletResponse.SC_NOT_ACCEPTABLE,
            "expected an Accept header with " + EventWriter.TYPE);
      }
      StreamableSession session = session(request);
      Place place = Place.of(request.getHeader("Last-Event-ID"));
      if (place == null) {
        notices(session, session.notices(), session.notices().readOn(), request, response);
      } else {
        EventStream stream =
            session.stream(place.stream())
                .orElseThrow(() ->
                    new HttpRefusal(
                        HttpServletResponse.SC_NOT_FOUND,
                        "nothing is kept of the stream that Last-Event-ID names; send the"
                            + " request again"));
        notices(session, stream, stream.read(place.event()), request, response);
      }
    } catch (HttpRefusal e) {
      e.answer(response, codec);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void notices(
      StreamableSession session,
      EventStream stream,
      EventStream.Reader reader,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    boolean answer = stream != session.notices();
    try {
      boolean heard =
          AnswerWriter.follow(
              new EventWriter(response),
              stream,
              reader,
              answer ? limits::callHeartbeat : limits::noticeHeartbeat,
              admission(request));
      if (answer && !heard) {
        stream.abandon();
      }
    } catch (IOException e) {
      reader.leave();
      if (answer && !stream.attendedWithin(limits.resume())) {
        stream.abandon();
      }
      throw e;
    } finally {
      reader.leave();
      session.use();
    }
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      sessions.end(session(request));
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } catch (HttpRefusal e) {
      e.answer(response, codec);
    }
  }

  private StreamableSession session(HttpServletRequest request) throws HttpRefusal {
    String version = request.getHeader(VERSION);
    if (version != null && !versions.contains(version)) {
      throw new HttpRefusal(
          HttpServletResponse.SC_BAD_REQUEST,
          "expected a header %s with one of %s, found %s"
              .formatted(VERSION, String.join(", ", versions), version));
    }
    String id = request.getHeader(SESSION);
    if (id == null) {
      throw new HttpRefusal(
          HttpServletResponse.SC_BAD_REQUEST, "expected a header " + SESSION + ", found none");
    }
    return sessions
        .find(id, principal(request))
        .orElseThrow(() ->
            new HttpRefusal(
                HttpServletResponse.SC_NOT_FOUND,
                "no session has this id: it has ended, or never was; send initialize again"));
  }

  static String principal(HttpServletRequest request) {
    Object principal = request.getAttribute(Principals.ATTRIBUTE);
    return principal == null ? Principals.LOCAL : (String) principal;
  }

  static Admission admission(HttpServletRequest request) {
    Object admission = request.getAttribute(Admission.ATTRIBUTE);
    return admission == null ? Admission.ALWAYS : (Admission) admission;
  }

  static boolean accepts(HttpServletRequest request, String type) {
    String accept = request.getHeader("Accept");
    return accept != null && (accept.contains(type) || accept.contains("*/*"));
  }

  /**
   * Takes no more calls, lets those that run end, and then ends all sessions.
   *
   * @param drain how long calls may run on; then they are cancelled and answered
   */
  public void stop(Duration drain) throws InterruptedException {
    stopping = true;
    long deadline = System.nanoTime() + drain.toNanos();
    sessions.all().forEach(session -> session.notices().nothing());
    for (StreamableSession session : sessions.all()) {
      session.connection().drain(left(deadline), "the server is stopping");
    }
    stateless.drain(left(deadline));
    sessions.close();
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }
}
