package dev.qwenmcp.server.label;

/**
 * A text whose label is known.
 *
 * @param text what somebody said
 * @param label what it is
 */
public record LabelExample(String text, String label) {}
