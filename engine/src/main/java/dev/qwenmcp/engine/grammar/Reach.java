package dev.qwenmcp.engine.grammar;

/**
 * How far tokens lead within one terminal from one of its states.
 *
 * @param tokens a bit an id: tokens that stay within the terminal, or end with it
 * @param exits nodes of the trie, ascending, at which a JSON string ends: below them the tokens go
 *     on after it; none for raw text, which may end nearly everywhere
 */
record Reach(long[] tokens, int[] exits) {}
