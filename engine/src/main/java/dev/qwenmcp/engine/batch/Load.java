package dev.qwenmcp.engine.batch;

/**
 * What a scheduler does at the moment and did so far.
 *
 * @param running sequences that have a slot
 * @param waiting sequences that wait for one
 * @param shortPasses over few tokens of one or several sequences
 * @param shortMembers sequences in these, each counted for every pass
 * @param longPasses over pieces of prompts
 */
public record Load(
    int running, int waiting, long shortPasses, long shortMembers, long longPasses) {}
