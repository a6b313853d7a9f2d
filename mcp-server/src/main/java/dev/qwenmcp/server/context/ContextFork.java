package dev.qwenmcp.server.context;

/**
 * What a fork shares with another context.
 *
 * @param fork the context that was forked
 * @param origin the one that holds the last entry that both have: the forked one, or the one that
 *     this has it from
 * @param shared number of entries that both have, at least 1
 */
public record ContextFork(ContextId fork, ContextId origin, int shared) {}
