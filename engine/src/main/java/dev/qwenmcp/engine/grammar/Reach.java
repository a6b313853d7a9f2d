package dev.qwenmcp.engine.grammar;

/**
 * How far tokens lead within one terminal from one of its states.
 *
 * @param tokens a bit an id: tokens that stay within the terminal, or end with it
 * @param exits nodes of the trie, ascending, at which the terminal may end: below them the tokens
 *     go on after it
 */
record Reach(long[] tokens, int[] exits) {}
