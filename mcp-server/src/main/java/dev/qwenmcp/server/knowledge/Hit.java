package dev.qwenmcp.server.knowledge;

/**
 * A passage in a ranked list.
 *
 * @param id its number in the collection
 * @param score higher is better; what it means depends on the list
 */
record Hit(long id, double score) {}
