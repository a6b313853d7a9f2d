/**
 * Measures how well and how fast texts are classified by examples, and whether what is extracted
 * follows its schema and stands in the text.
 *
 * <p>Asks a server as a client does. Start reading at {@link
 * dev.qwenmcp.server.bench.understanding.ClassificationBench}.
 */
package dev.qwenmcp.server.bench.understanding;
