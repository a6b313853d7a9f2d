package dev.qwenmcp.server.context;

import java.util.List;

/**
 * Some contexts of a principal, the newest first.
 *
 * @param next goes on behind the last, empty if there is no more
 */
public record ContextPage(List<ContextInfo> contexts, String next) {
  public ContextPage {
    contexts = List.copyOf(contexts);
  }
}
