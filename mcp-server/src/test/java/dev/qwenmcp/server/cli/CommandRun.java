package dev.qwenmcp.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command did.
 *
 * @param status exit status
 * @param out what went to standard output
 * @param err what went to standard error
 */
record CommandRun(int status, String out, String err) {

  /** Runs a command line in this process. */
  static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine(
                Settings.of(args, Map.of(), Path.of("none")),
                new PrintWriter(out, true),
                new PrintWriter(err, true))
            .execute(args);
    return new CommandRun(status, out.toString(), err.toString());
  }
}
