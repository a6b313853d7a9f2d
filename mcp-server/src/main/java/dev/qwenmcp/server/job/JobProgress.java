package dev.qwenmcp.server.job;

/**
 * How far a job is.
 *
 * @param done rises
 * @param total value at the end, or null where unknown
 * @param message for people, or null
 */
public record JobProgress(double done, Double total, String message) {}
