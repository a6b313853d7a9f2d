package dev.qwenmcp.server.text;

/**
 * A language that a text may be in.
 *
 * @param code ISO 639-1, such as {@code en}
 * @param confidence probability from 0 to 1 that it is this of all known languages
 */
public record DetectedLanguage(String code, double confidence) {}
