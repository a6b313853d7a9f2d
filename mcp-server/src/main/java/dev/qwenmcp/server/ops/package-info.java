/**
 * What those who run a server see of it: health, metrics, spans, an audit log. Never the contents
 * of calls.
 *
 * <p>Calls are seen through {@link dev.qwenmcp.server.protocol.call.CallObserver}, refused requests
 * through {@link dev.qwenmcp.server.transport.http.security.RefusalListener}. Start reading at
 * {@link dev.qwenmcp.server.ops.CallMeters} and {@link dev.qwenmcp.server.ops.AuditTrail}.
 */
package dev.qwenmcp.server.ops;
