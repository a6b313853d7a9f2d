package dev.qwenmcp.engine;

/**
 * What a model makes of a text before it turns to words.
 *
 * @param vector state after the last token, through all layers and the final norm (width)
 * @param usage what it cost
 */
public record FinalState(float[] vector, Usage usage) {}
