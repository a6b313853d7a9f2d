package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.protocol.Tool;
import java.util.List;

/** All tools over the stores and models of a {@link Workbench}, for tests of other packages. */
public final class TestTools {
  private TestTools() {}

  public static List<Tool<?, ?>> all() {
    Workbench bench = new Workbench();
    return ToolSet.create(
        bench.contexts, bench.knowledge, bench.folders, bench.labels, bench.models);
  }
}
