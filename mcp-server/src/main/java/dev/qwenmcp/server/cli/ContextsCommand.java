package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.context.ArchiveFormatException;
import dev.qwenmcp.server.context.ContextArchive;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextPage;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp contexts}: what servers have kept, also while they run. */
@Command(
    name = "contexts",
    description = "List, export and import the contexts that servers keep; they may be running.",
    synopsisSubcommandLabel = "COMMAND")
final class ContextsCommand implements Runnable {
  /** Whose contexts those of servers over standard input are. */
  private static final String PRINCIPAL = "local";

  private static final int PAGE = 100;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected one of the commands list, export and import");
  }

  @Command(name = "list", description = "List open contexts, the newest first.")
  int list(
      @Mixin ContextFlags flags,
      @Option(names = "--title", defaultValue = "", description = "Part of the title.")
          String title)
      throws ContextException {
    PrintWriter out = spec.commandLine().getOut();
    try (ContextStore store = flags.open()) {
      String after = "";
      do {
        ContextPage page = store.list(PRINCIPAL, new ContextQuery(title, after, PAGE));
        for (ContextInfo info : page.contexts()) {
          out.printf(
              "%s  %6d entries %12d bytes  %s  %s%n",
              info.id(),
              info.entries(),
              info.bytes(),
              info.pinned() ? "pinned" : "until " + info.expires(),
              info.title());
        }
        after = page.next();
      } while (!after.isEmpty());
    }
    return 0;
  }

  @Command(name = "export", description = "Write a context as JSON lines.")
  int export(
      @Mixin ContextFlags flags,
      @Parameters(paramLabel = "CONTEXT", description = "Its handle.") String context,
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "The file to write (default: standard output).")
          Path file)
      throws ContextException, IOException {
    try (ContextStore store = flags.open()) {
      ContextArchive archive = new ContextArchive(store, PRINCIPAL);
      if (file == null) {
        archive.write(new ContextId(context), spec.commandLine().getOut());
      } else {
        try (Writer out = Files.newBufferedWriter(file)) {
          archive.write(new ContextId(context), out);
        }
      }
    }
    return 0;
  }

  @Command(
      name = "import",
      description = "Read a context from JSON lines into a new one and print its handle.")
  int importFrom(
      @Mixin ContextFlags flags,
      @Parameters(paramLabel = "FILE", description = "What export has written.") Path file)
      throws ContextException, IOException, CliException {
    try (ContextStore store = flags.open();
        BufferedReader in = Files.newBufferedReader(file)) {
      ContextInfo info = new ContextArchive(store, PRINCIPAL).read(in);
      spec.commandLine().getOut().println(info.id());
    } catch (ArchiveFormatException e) {
      throw new CliException(file + ": " + e.getMessage());
    }
    return 0;
  }
}
