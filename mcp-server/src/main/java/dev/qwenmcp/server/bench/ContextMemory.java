package dev.qwenmcp.server.bench;

import java.util.OptionalLong;

/**
 * What a context of some length takes.
 *
 * @param threads of the engine
 * @param tokens of the context
 * @param kvBytes their keys and values, computed from the model's shape
 * @param grownBytes by which the process's memory outside mapped files grew since the first pass;
 *     empty where the system does not say
 */
public record ContextMemory(int threads, int tokens, long kvBytes, OptionalLong grownBytes) {}
