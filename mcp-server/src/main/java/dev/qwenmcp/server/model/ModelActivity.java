package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.batch.Load;
import dev.qwenmcp.engine.kv.CacheStatistics;

/**
 * What a loaded model is doing.
 *
 * @param model its name
 * @param slots calls that it works on at a time
 * @param load those that run and wait
 * @param cache what it keeps of what it has read
 */
public record ModelActivity(String model, int slots, Load load, CacheStatistics cache) {}
