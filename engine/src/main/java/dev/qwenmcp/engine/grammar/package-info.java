/**
 * Constrained decoding: which tokens may come next so that the text ends up in a formal language.
 *
 * <p>A {@link dev.qwenmcp.engine.grammar.Grammar} is a set of rules over terminals, compiled from a
 * JSON schema (package {@code schema}), an expression or a choice. {@link
 * dev.qwenmcp.engine.grammar.TokenGrammar} lays it over a model's vocabulary, a {@link
 * dev.qwenmcp.engine.grammar.TokenTrie}, and gives a {@link
 * dev.qwenmcp.engine.grammar.TokenConstraint} for each generation. The masks are exact: a token is
 * allowed if and only if the text with its bytes can still be completed. Uses {@code
 * grammar.regular}, the tokenizer, and {@code engine.json} to read names of members.
 */
package dev.qwenmcp.engine.grammar;
