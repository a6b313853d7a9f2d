package dev.qwenmcp.server.transport;

import tools.jackson.databind.JsonNode;

/**
 * A JSON-RPC error object.
 *
 * <p>{@link #BUSY}, {@link #STOPPING}, {@link #NO_ANSWER} and {@link #REFUSED} lie outside
 * −32768…−32000, because MCP 2026-07-28 keeps that range for JSON-RPC and for itself.
 *
 * @param code one of the constants, or one that the MCP SDK chose
 * @param message what was wrong, what was expected, what to do
 * @param data details for programs, or null
 */
public record RpcError(int code, String message, JsonNode data) {
  /** The line is no JSON text in UTF-8. */
  public static final int PARSE_ERROR = -32700;

  /** The JSON is no valid message, too long, or not allowed now. */
  public static final int INVALID_REQUEST = -32600;

  /** There is no such method. */
  public static final int METHOD_NOT_FOUND = -32601;

  /** The method's parameters are wrong. */
  public static final int INVALID_PARAMS = -32602;

  /** The server failed; details are in its log. */
  public static final int INTERNAL_ERROR = -32603;

  /** As many calls run as this server allows. */
  public static final int BUSY = -31001;

  /** The input ended and the call did not finish in the time given to it. */
  public static final int STOPPING = -31002;

  /** The client was asked something and did not answer, or could not be asked. */
  public static final int NO_ANSWER = -31003;

  /** Over HTTP: refused before it was read, for whom it comes from or how much that asks for. */
  public static final int REFUSED = -31004;

  public RpcError(int code, String message) {
    this(code, message, null);
  }
}
