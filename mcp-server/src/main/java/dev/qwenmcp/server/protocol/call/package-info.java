/**
 * Runs tools: finds them, checks their arguments and results, gives each call a thread, progress
 * and cancellation.
 *
 * <p>Knows neither transports nor protocol eras; both eras end here. Start reading at {@link
 * dev.qwenmcp.server.protocol.call.ToolRunner}.
 */
package dev.qwenmcp.server.protocol.call;
