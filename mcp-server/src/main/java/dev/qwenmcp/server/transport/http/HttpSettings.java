package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.http.security.TlsIdentity;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an {@link HttpServer} listens, and what a connection may take.
 *
 * @param host name or address to bind to
 * @param port to bind to, 0 for a free one
 * @param maxConnections open at a time; more wait to be accepted
 * @param idle a connection on which nothing moves for this long is closed
 * @param grace how long handlers may take to end when the server stops
 * @param tls what the server shows itself by where it speaks HTTPS, empty for HTTP
 */
public record HttpSettings(
    String host,
    int port,
    int maxConnections,
    Duration idle,
    Duration grace,
    Optional<TlsIdentity> tls) {

  /** The address that only this machine reaches. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int MAX_PORT = 65_535;

  public HttpSettings {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + port);
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("a server needs at least one connection");
    }
  }

  /** 1,024 connections, 30 s of silence, 5 s to end. */
  public static HttpSettings at(String host, int port) {
    return new HttpSettings(
        host, port, 1024, Duration.ofSeconds(30), Duration.ofSeconds(5), Optional.empty());
  }

  /** The same over HTTPS, or over HTTP where nothing is given. */
  public HttpSettings withTls(Optional<TlsIdentity> identity) {
    return new HttpSettings(host, port, maxConnections, idle, grace, identity);
  }
}
