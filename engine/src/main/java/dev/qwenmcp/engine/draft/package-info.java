/**
 * Guesses of what comes next, to be verified by the model many tokens at a time.
 *
 * <p>Uses {@code grammar} for what may come. Start reading at {@link
 * dev.qwenmcp.engine.draft.Guesser}.
 */
package dev.qwenmcp.engine.draft;
