package dev.qwenmcp.server.bench;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One part of a long run in which the same work is done again and again.
 *
 * @param threads of the engine
 * @param until its end, from the beginning of the run
 * @param prompt tokens a second of each prompt read in it
 * @param generation tokens a second of each generation in it
 * @param limits of the machine, measured throughout this part
 * @param residentBytes of this process at its end, mapped files included; empty where the system
 *     does not say
 */
public record Lasting(
    int threads,
    Duration until,
    Sample prompt,
    Sample generation,
    Limits limits,
    OptionalLong residentBytes) {}
