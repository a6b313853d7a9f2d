package dev.qwenmcp.server.text;

/**
 * A phrase that tells what a text is about.
 *
 * @param text as it stands in the text where it comes first
 * @param score importance relative to the best phrase, which has 1
 * @param count how often it occurs
 */
public record Keyword(String text, double score, int count) {}
