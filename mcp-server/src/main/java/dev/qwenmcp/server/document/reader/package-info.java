/**
 * Reads documents of all formats: text and Markdown here, all else in a process of its own.
 *
 * <p>Depends on {@code server.document}, and on Apache Tika and jsoup, which only {@link
 * dev.qwenmcp.server.document.reader.ParserMain} and what it calls use. Start reading at {@link
 * dev.qwenmcp.server.document.reader.DocumentReader}.
 */
package dev.qwenmcp.server.document.reader;
