/**
 * Label sets: labels with examples, kept for their principal, and the classifiers trained on them.
 *
 * <p>A text is described by its embedding and by its words and character n-grams; a multinomial
 * logistic regression chooses the label, and a threshold learnt from held-out examples says what
 * belongs to none. Depends on the embedding models of {@code server.knowledge}; {@code label.sql}
 * keeps sets in SQLite. Start reading at {@link dev.qwenmcp.server.label.LabelSets}, then at {@link
 * dev.qwenmcp.server.label.ClassifierTraining}.
 */
package dev.qwenmcp.server.label;
