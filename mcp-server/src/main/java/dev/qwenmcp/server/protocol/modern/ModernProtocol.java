package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.transport.RpcMessage;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Names and numbers of MCP 2026-07-28. */
public final class ModernProtocol {
  /** The revision that this package speaks. */
  public static final String VERSION = "2026-07-28";

  /** All revisions that requests may name. */
  public static final List<String> VERSIONS = List.of(VERSION);

  static final String PREFIX = "io.modelcontextprotocol/";

  /** Key in {@code _meta}: the revision of a request. */
  public static final String VERSION_KEY = PREFIX + "protocolVersion";

  static final String CLIENT_KEY = PREFIX + "clientInfo";
  static final String CAPABILITIES_KEY = PREFIX + "clientCapabilities";
  static final String LOG_LEVEL_KEY = PREFIX + "logLevel";
  static final String SERVER_KEY = PREFIX + "serverInfo";
  static final String SUBSCRIPTION_KEY = PREFIX + "subscriptionId";

  /** Extension with which calls may be answered by a task. */
  static final String TASKS = PREFIX + "tasks";

  public static final String DISCOVER = "server/discover";
  public static final String TOOLS_LIST = "tools/list";
  public static final String TOOLS_CALL = "tools/call";
  public static final String RESOURCES_LIST = "resources/list";
  public static final String RESOURCES_TEMPLATES = "resources/templates/list";
  public static final String RESOURCES_READ = "resources/read";
  public static final String PROMPTS_LIST = "prompts/list";
  public static final String PROMPTS_GET = "prompts/get";
  public static final String LISTEN = "subscriptions/listen";

  private static final Set<String> OWN_METHODS = Set.of(DISCOVER, LISTEN);

  private ModernProtocol() {}

  /**
   * Whether a request is meant for this revision or a later one: no client of an earlier one sends
   * such a method or such metadata.
   */
  public static boolean isMeant(RpcMessage.Request request) {
    if (OWN_METHODS.contains(request.method())) {
      return true;
    }
    JsonNode meta = request.params().path("_meta");
    return meta.has(VERSION_KEY) || meta.has(CAPABILITIES_KEY) || meta.has(CLIENT_KEY);
  }
}
