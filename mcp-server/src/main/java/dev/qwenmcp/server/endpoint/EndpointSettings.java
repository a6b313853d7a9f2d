package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.call.CallLimits;
import dev.qwenmcp.server.protocol.call.LongResults;
import dev.qwenmcp.server.transport.TransportLimits;

/**
 * How an {@link McpEndpoint} introduces itself and what it allows.
 *
 * @param name server name for programs
 * @param title server name for people
 * @param version of this program
 * @param instructions tells a model how to use the server
 * @param calls tool calls that may run at once and wait; more are refused as busy
 * @param resultCharacters longest result that is given at once; of longer ones the beginning
 * @param limits of each connection
 */
public record EndpointSettings(
    String name,
    String title,
    String version,
    String instructions,
    CallLimits calls,
    int resultCharacters,
    TransportLimits limits) {

  private static final CallLimits CALLS = CallLimits.running(64);
  private static final String INSTRUCTIONS =
      """
      Tools over language models. Texts leave this machine only for a model of kind remote in \
      list_models, where its user has named one.
      Pass work from tool to tool by context_id: context_open makes one, tools that get it read what \
      earlier calls left there and add their own result, and every result names the context_id to \
      use next. Put long text in once (ingest, or the first call) and refer to it by context_id or \
      by search instead of sending it again.
      Typical order: ingest documents, understand the question, retrieve passages, generate the \
      answer; answer does the last two with checked citations, run_flow whole flows in one call. \
      context_list finds contexts of earlier conversations, context_fork tries another way \
      from the same point, and contexts can be read and watched as resources context://{id}. \
      list_models says which models can be named; without one the default answers.
      Calls are bounded in tokens and time: a result that was cut short says so and how to go on. \
      What takes longer than your client waits goes to job_start, which any tool can be given to.\
      """;

  /** What {@code qwen-mcp serve} uses. */
  public static EndpointSettings standard(String version) {
    return new EndpointSettings(
        "qwen-mcp",
        "Qwen MCP: local language model tools",
        version,
        INSTRUCTIONS,
        CALLS,
        LongResults.CHARACTERS,
        TransportLimits.DEFAULT);
  }

  public EndpointSettings withLimits(TransportLimits other) {
    return new EndpointSettings(name, title, version, instructions, calls, resultCharacters, other);
  }

  public EndpointSettings withCalls(CallLimits other) {
    return new EndpointSettings(
        name, title, version, instructions, other, resultCharacters, limits);
  }

  public EndpointSettings withResultCharacters(int characters) {
    return new EndpointSettings(name, title, version, instructions, calls, characters, limits);
  }
}
