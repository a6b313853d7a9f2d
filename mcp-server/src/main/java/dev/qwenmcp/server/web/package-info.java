/**
 * The page at {@code /} that shows what the server is doing, and the JSON under {@code /api/} that
 * it reads.
 *
 * <p>Everything under {@code /api/} belongs to who asks: {@link dev.qwenmcp.server.web.CallBoard}
 * keeps calls by principal, the stores are asked for the principal's own. How the whole server
 * fares is under a path of its own, for those who may see that. The page itself is files without
 * data. Start reading at {@link dev.qwenmcp.server.web.WebPage}.
 */
package dev.qwenmcp.server.web;
