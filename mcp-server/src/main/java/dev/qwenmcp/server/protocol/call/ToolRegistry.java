package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.schema.RecordJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The tools of a server by name, in the order in which they were given. */
public final class ToolRegistry {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

  private final Map<String, RegisteredTool<?, ?>> tools = new LinkedHashMap<>();

  /**
   * Takes the tools; their schemas are derived when they are asked for.
   *
   * @throws IllegalArgumentException if two tools share a name, or a name is not allowed by MCP
   */
  public ToolRegistry(List<? extends Tool<?, ?>> tools) {
    RecordJson json = new RecordJson();
    for (Tool<?, ?> tool : tools) {
      RegisteredTool<?, ?> registered = new RegisteredTool<>(tool, json);
      String name = registered.spec().name();
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("no tool name: '" + name + "', expected " + NAME);
      }
      if (this.tools.putIfAbsent(name, registered) != null) {
        throw new IllegalArgumentException("two tools are named " + name);
      }
    }
  }

  public List<RegisteredTool<?, ?>> tools() {
    return List.copyOf(tools.values());
  }

  public Optional<RegisteredTool<?, ?>> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  /**
   * Does at once what the first call of each tool would have to do.
   *
   * @throws IllegalArgumentException if a record cannot be described
   */
  public void prepareChecks() {
    tools.values().forEach(RegisteredTool::prepareChecks);
  }

  public List<String> names() {
    return List.copyOf(tools.keySet());
  }
}
