/**
 * Who may speak to the server over HTTP, as whom, and how much: the checks of Host and Origin,
 * bearer tokens, OAuth 2.1, limits of each principal, TLS.
 *
 * <p>Filters that stand before the servlets in this order: {@link
 * dev.qwenmcp.server.transport.http.security.BrowserGuard}, {@link
 * dev.qwenmcp.server.transport.http.security.BearerAuthentication}, {@link
 * dev.qwenmcp.server.transport.http.security.LimitFilter}. Uses {@code transport} and libraries,
 * and knows nothing of tools.
 */
package dev.qwenmcp.server.transport.http.security;
