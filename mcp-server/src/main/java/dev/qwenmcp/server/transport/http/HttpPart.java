package dev.qwenmcp.server.transport.http;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;

/** Something that an {@link HttpServer} serves, or puts before what it serves. */
public sealed interface HttpPart {

  /**
   * Where it is, as servlets state it: {@code /mcp}, {@code /health/*}, {@code /*}.
   *
   * @return the path or pattern
   */
  String path();

  /** Answers the requests of a path. */
  record Served(String path, HttpServlet servlet) implements HttpPart {}

  /** Sees requests before they are answered; those given first see them first. */
  record Filtered(String path, Filter filter) implements HttpPart {}
}
