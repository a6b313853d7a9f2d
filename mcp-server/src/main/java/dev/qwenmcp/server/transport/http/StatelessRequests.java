package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.Connection;
import dev.qwenmcp.server.transport.MalformedMessageException;
import dev.qwenmcp.server.transport.RequestId;
import dev.qwenmcp.server.transport.RpcCodec;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.StatelessService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests of MCP 2026-07-28 and later, each of which stands alone: the end of the HTTP request
 * cancels what it asked for.
 */
final class StatelessRequests {
  private static final String FIRST_VERSION = "2026-07-28";
  private static final String VERSION_IN_BODY = "io.modelcontextprotocol/protocolVersion";

  /** Code of MCP for a revision that the server does not speak. */
  private static final int UNSUPPORTED_VERSION = -32022;

  private final StreamableLimits limits;
  private final List<String> sessionVersions;
  private final Optional<? extends StatelessService> service;
  private final RpcCodec codec;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  StatelessRequests(
      StreamableLimits limits,
      List<String> sessionVersions,
      Optional<? extends StatelessService> service,
      RpcCodec codec) {
    this.limits = limits;
    this.sessionVersions = sessionVersions;
    this.service = service;
    this.codec = codec;
  }

  /** Whether a header says that the request is one of these; null is none. */
  boolean concern(String versionHeader) {
    return versionHeader != null
        && versionHeader.compareTo(FIRST_VERSION) >= 0
        && versionHeader.matches("\\d{4}-\\d{2}-\\d{2}");
  }

  /** Whether header or body say that a message is one of these. */
  boolean concern(String versionHeader, JsonNode message) {
    String inBody = message.path("params").path("_meta").path(VERSION_IN_BODY).asString("");
    return concern(versionHeader)
        || !inBody.isEmpty()
        || message.path("method").asString("").equals("server/discover");
  }

  void answer(JsonNode message, HttpServletRequest request, HttpServletResponse response)
      throws HttpRefusal, IOException, InterruptedException {
    if (service.isEmpty()) {
      throw unsupported(message);
    }
    StatelessService answering = service.get();
    EventStream stream = new EventStream(0, limits.stream(), codec);
    Connection connection = new Connection(answering, McpServlet.principal(request), stream);
    open.add(connection);
    try {
      answering.check(codec.message(message), name -> header(request, name));
      Connection.Accepted accepted = connection.accept(message, stream, TraceHeaders.of(request));
      if (!accepted.answered()) {
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        return;
      }
      stream.work(accepted.work());
      AnswerWriter.Form form =
          new AnswerWriter.Form(
              McpServlet.accepts(request, EventWriter.TYPE),
              false,
              false,
              answering::status,
              McpServlet.admission(request));
      new AnswerWriter(limits, stream, response).write(form, () -> {});
    } catch (MalformedMessageException e) {
      throw new HttpRefusal(HttpServletResponse.SC_BAD_REQUEST, e.id(), e.error());
    } catch (RpcException e) {
      throw new HttpRefusal(
          answering.status(e.error().code()), RequestId.of(message.get("id")), e.error());
    } finally {
      open.remove(connection);
    }
  }

  /** One that stands there twice says two things, which agrees with no body. */
  private static String header(HttpServletRequest request, String name) {
    List<String> values = Collections.list(request.getHeaders(name));
    return values.isEmpty() ? null : String.join(", ", values);
  }

  private HttpRefusal unsupported(JsonNode message) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    sessionVersions.forEach(data.putArray("supported")::add);
    return new HttpRefusal(
        HttpServletResponse.SC_BAD_REQUEST,
        RequestId.of(message.get("id")),
        new RpcError(
            UNSUPPORTED_VERSION,
            "this server speaks MCP %s, which begin with initialize"
                .formatted(String.join(", ", sessionVersions)),
            data));
  }

  /** Lets those that run end, and cancels what is left after a limit. */
  void drain(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (Connection connection : open) {
      connection.drain(
          Duration.ofNanos(Math.max(0, deadline - System.nanoTime())), "the server is stopping");
    }
  }
}
