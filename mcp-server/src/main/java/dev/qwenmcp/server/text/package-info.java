/**
 * What can be said of a text without a model: its sentences, its language, its keywords.
 *
 * <p>Depends on Lucene's analysis and OpenNLP's language identifier; knows nothing of MCP. Start
 * reading at {@link dev.qwenmcp.server.text.LanguageDetector} and {@link
 * dev.qwenmcp.server.text.KeywordExtractor}.
 */
package dev.qwenmcp.server.text;
