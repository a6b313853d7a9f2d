package dev.qwenmcp.server.label;

/**
 * An example near a text.
 *
 * @param text of the example
 * @param label of the example
 * @param similarity cosine of the embeddings
 */
public record Neighbour(String text, String label, double similarity) {}
