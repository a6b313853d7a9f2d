/**
 * The command line: one file a command, picocli.
 *
 * <p>The outermost layer: may use every other package, and nothing uses it. What all commands share
 * are the option groups ({@link dev.qwenmcp.server.cli.ModelFlags} and its like) and {@link
 * dev.qwenmcp.server.cli.CliException}. Start reading at {@link dev.qwenmcp.server.cli.Main}.
 */
package dev.qwenmcp.server.cli;
