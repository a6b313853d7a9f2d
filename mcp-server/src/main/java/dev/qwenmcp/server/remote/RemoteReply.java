package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.Usage;
import java.util.OptionalDouble;

/**
 * What a remote model answered.
 *
 * @param content the visible text
 * @param reasoning what it thought, empty if nothing or unknown
 * @param finishReason why it ended
 * @param usage as far as the server told; what it kept of earlier prompts counts as cached
 * @param logProbability of all tokens of the content together, where wanted and known
 * @param address that answered
 */
public record RemoteReply(
    String content,
    String reasoning,
    FinishReason finishReason,
    Usage usage,
    OptionalDouble logProbability,
    String address) {}
