/**
 * What makes an answer from passages trustworthy, without a language model: whether what was found
 * is good enough ({@link dev.qwenmcp.server.answer.Evidence}, {@link
 * dev.qwenmcp.server.answer.NearestSentence}), passages in prompts that cannot be taken for
 * instructions ({@link dev.qwenmcp.server.answer.PassageBlock}), citations that exist ({@link
 * dev.qwenmcp.server.answer.CheckedCitations}). May use the packages knowledge and text.
 */
package dev.qwenmcp.server.answer;
