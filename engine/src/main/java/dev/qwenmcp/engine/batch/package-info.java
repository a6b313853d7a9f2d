/**
 * Which sequences compute, when, and together with which others: admission with a bounded queue,
 * and passes over the next tokens of several sequences at once.
 *
 * <p>Uses {@code model} and {@code kv}. Start reading at {@link
 * dev.qwenmcp.engine.batch.Scheduler}.
 */
package dev.qwenmcp.engine.batch;
