/**
 * Guesses of what comes next, to be verified by the model many tokens at a time.
 *
 * <p>Uses nothing else. Start reading at {@link dev.qwenmcp.engine.draft.Drafter}.
 */
package dev.qwenmcp.engine.draft;
