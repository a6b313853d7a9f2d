/**
 * Context-free grammars in a subset of GBNF, llama.cpp's notation; docs/reference/constraints.md
 * describes it.
 *
 * <p>Start at {@link dev.qwenmcp.engine.grammar.gbnf.GbnfGrammar}. The way: {@code GbnfParser}
 * reads rules into {@code Expression}s; {@code RegularParts} finds what is regular and makes one
 * terminal of it; {@code RuleCompiler} turns the rest into rules. Uses the grammar packages.
 */
package dev.qwenmcp.engine.grammar.gbnf;
