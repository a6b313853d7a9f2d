/**
 * Measures many callers of one engine at once: how much they get done together.
 *
 * <p>Uses the engine's public API, a session and a thread each, as the server's tools do. Start
 * reading at {@link dev.qwenmcp.server.bench.callers.CallersBench}.
 */
package dev.qwenmcp.server.bench.callers;
