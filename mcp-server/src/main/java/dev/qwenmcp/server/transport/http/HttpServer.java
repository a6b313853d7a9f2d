package dev.qwenmcp.server.transport.http;

import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty with the parts that it serves, one virtual thread a request.
 *
 * <p>Requests are held to RFC 9110 and 9112 to the letter: what could be read in two ways, such as
 * two lengths, is refused.
 */
public final class HttpServer implements AutoCloseable {
  private static final int HEADER_BYTES = 16 << 10;

  /** Selectors, acceptors and what must not wait; requests have virtual threads. */
  private static final int PLATFORM_THREADS = 16;

  private final HttpSettings settings;
  private final Server server;
  private final ServerConnector connector;

  /**
   * @param parts filters in the order in which they see requests, and servlets
   */
  public HttpServer(HttpSettings settings, List<HttpPart> parts) {
    this.settings = settings;
    QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-call-"));
    this.server = new Server(threads);
    this.connector = connector(server, settings);
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.idle().toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
    server.setStopTimeout(settings.grace().toMillis());
    server.setErrorHandler(new PlainErrors());
    server.setHandler(new GracefulHandler(context(parts))); // running requests end within the time
  }

  private static ServerConnector connector(Server server, HttpSettings settings) {
    HttpConfiguration configuration = strict();
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    if (settings.tls().isEmpty()) {
      return new ServerConnector(server, http);
    }
    // Under which names the server may be addressed is not the certificate's to say.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(settings.tls().get().context());
    return new ServerConnector(server, tls, http);
  }

  private static HttpConfiguration strict() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setHttpCompliance(HttpCompliance.STRICT);
    configuration.setUriCompliance(UriCompliance.RFC3986);
    configuration.setRequestHeaderSize(HEADER_BYTES);
    configuration.setSendServerVersion(false);
    return configuration;
  }

  private static ServletContextHandler context(List<HttpPart> parts) {
    ServletContextHandler context = new ServletContextHandler("/");
    context.setErrorHandler(new PlainErrors());
    for (HttpPart part : parts) {
      switch (part) {
        case HttpPart.Served served ->
            context.addServlet(new ServletHolder(served.servlet()), served.path());
        case HttpPart.Filtered filtered ->
            context.addFilter(
                new FilterHolder(filtered.filter()),
                filtered.path(),
                EnumSet.of(DispatcherType.REQUEST));
      }
    }
    return context;
  }

  /**
   * Begins to listen.
   *
   * @throws IOException if the address cannot be bound, with the reason
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen at %s:%d: %s".formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server cannot start", e);
    }
  }

  /** The port that it listens at, also where the settings left the choice to the system. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Where it is reached, without a path: {@code http://127.0.0.1:8080}. */
  public String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return (settings.tls().isPresent() ? "https://" : "http://") + host + ":" + port();
  }

  /** Accepts no more connections; those that are open go on. */
  public void stopAccepting() {
    connector.close();
  }

  /** Ends all connections. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }
}
