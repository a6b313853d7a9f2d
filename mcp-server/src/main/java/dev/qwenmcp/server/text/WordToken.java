package dev.qwenmcp.server.text;

/**
 * A word of a sentence.
 *
 * @param start offset in the text
 * @param end offset after it
 * @param key its form for counting: lower case, singular
 * @param stop whether it says nothing by itself
 * @param sentence number of its sentence, from 0
 */
record WordToken(int start, int end, String key, boolean stop, int sentence) {}
