package dev.qwenmcp.server.protocol;

/**
 * What clients see of a tool.
 *
 * @param name the name that calls use
 * @param title for people
 * @param description for people and models: what it does, when to use it, what comes back
 * @param arguments record of the arguments
 * @param result record of the structured result
 * @param hints behaviour, as MCP annotations
 */
public record ToolSpec<I extends Record, O extends Record>(
    String name,
    String title,
    String description,
    Class<I> arguments,
    Class<O> result,
    Hints hints) {

  /**
   * MCP tool annotations.
   *
   * @param readOnly changes nothing outside its own context
   * @param destructive may remove something
   * @param idempotent the same call again changes nothing more
   * @param openWorld talks to anything outside this machine
   */
  public record Hints(
      boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {}
}
