package dev.qwenmcp.server.label;

/**
 * What counts as in scope, learnt from examples that were held back.
 *
 * @param threshold sureness from which on a text is in scope
 * @param held how many examples were held back
 * @param accuracy share of them that was labelled rightly, before any was turned away
 */
public record Scope(double threshold, int held, double accuracy) {}
