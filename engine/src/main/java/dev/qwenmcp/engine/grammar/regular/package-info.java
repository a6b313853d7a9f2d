/**
 * Regular languages over code points: sets, expressions and deterministic automata.
 *
 * <p>Start at {@link dev.qwenmcp.engine.grammar.regular.Regex}, which becomes a {@link
 * dev.qwenmcp.engine.grammar.regular.Dfa}; {@link dev.qwenmcp.engine.grammar.regular.DfaAlgebra}
 * combines these. Expressions come from outside, so all work is charged to an {@link
 * dev.qwenmcp.engine.grammar.regular.Effort} that ends it in bounded time. Uses the JDK alone.
 */
package dev.qwenmcp.engine.grammar.regular;
