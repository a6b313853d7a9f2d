/**
 * Documents with their structure: headings, paragraphs, tables, code; and how they are cut into
 * passages.
 *
 * <p>Depends on {@code server.text}, on {@code server.knowledge} for what a passage is, and on
 * libraries for Markdown and YAML; nothing here touches files. Start reading at {@link
 * dev.qwenmcp.server.document.Document}; {@link dev.qwenmcp.server.document.DocumentChunker} cuts
 * it.
 */
package dev.qwenmcp.server.document;
