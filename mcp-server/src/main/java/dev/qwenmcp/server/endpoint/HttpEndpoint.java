package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.transport.http.BodyBudget;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.HttpServer;
import dev.qwenmcp.server.transport.http.HttpSettings;
import dev.qwenmcp.server.transport.http.McpServlet;
import dev.qwenmcp.server.transport.http.SseTransport;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The MCP server over HTTP: {@code /mcp}, {@code /sse} for older clients, and what others add. */
public final class HttpEndpoint {
  /** Path of Streamable HTTP. */
  public static final String PATH = "/mcp";

  /** Path of the older HTTP with server-sent events. */
  public static final String SSE_PATH = "/sse";

  private static final String MESSAGES_PATH = "/messages";

  private final McpService service;
  private final McpServlet servlet;
  private final SseTransport sse;
  private final HttpServer server;

  /**
   * @param service stopped at the end
   * @param parts filters before all servlets, in the order in which they see requests, and servlets
   *     at other paths
   */
  public HttpEndpoint(
      McpService service, HttpSettings settings, StreamableLimits limits, List<HttpPart> parts) {
    this.service = service;
    BodyBudget bodies = limits.bodies();
    this.servlet =
        new McpServlet(
            limits,
            bodies,
            service::openSession,
            service.sessionVersions(),
            Optional.of(service.stateless()));
    this.sse = new SseTransport(limits, bodies, service::openSession, MESSAGES_PATH);
    List<HttpPart> all = new ArrayList<>(parts);
    all.add(new HttpPart.Served(PATH, servlet));
    all.add(new HttpPart.Served(SSE_PATH, sse.streams()));
    all.add(new HttpPart.Served(MESSAGES_PATH, sse.messages()));
    this.server = new HttpServer(settings, all);
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if the address cannot be bound
   */
  public void start() throws IOException {
    server.start();
    // A first answer that comes late cannot have the HTTP status of its error.
    Thread.ofPlatform().daemon().name("prepare-tools").start(service::prepare);
  }

  /** Without a path: {@code http://127.0.0.1:8080}. */
  public String root() {
    return server.url();
  }

  /** Where clients find it: {@code http://127.0.0.1:8080/mcp}. */
  public String url() {
    return server.url() + PATH;
  }

  /** Number of sessions that are open. */
  public int openSessions() {
    return servlet.openSessions() + sse.openSessions();
  }

  /**
   * Takes no more calls, lets those that run end within {@link
   * dev.qwenmcp.server.transport.TransportLimits#drain()}, and closes all connections.
   *
   * @return whether every call has stopped; if not, some tool's thread may still be using what the
   *     tools share
   */
  public boolean stop() {
    try {
      server.stopAccepting();
      service.stateless().ending();
      Duration drain = service.settings().limits().drain();
      Thread older = Thread.ofVirtual().start(() -> stopSse(drain));
      servlet.stop(drain);
      older.join();
      server.close();
      return service.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void stopSse(Duration drain) {
    try {
      sse.stop(drain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
