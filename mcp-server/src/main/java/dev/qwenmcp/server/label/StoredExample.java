package dev.qwenmcp.server.label;

/**
 * An example of a stored set.
 *
 * @param id rising in the order in which they came
 * @param example text and label
 */
public record StoredExample(long id, LabelExample example) {}
