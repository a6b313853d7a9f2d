package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.protocol.Tool;
import java.util.List;

/** All tools of the server, wired to what they share. */
public final class ToolSet {
  private ToolSet() {}

  public static List<Tool<?, ?>> create(
      ContextStore contexts, KnowledgeBase knowledge, ModelHost models) {
    throw new UnsupportedOperationException();
  }
}
