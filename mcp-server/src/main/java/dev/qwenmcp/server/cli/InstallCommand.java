package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.install.Client;
import dev.qwenmcp.server.install.ConfigurationFile;
import dev.qwenmcp.server.install.InstallException;
import dev.qwenmcp.server.install.LineChange;
import dev.qwenmcp.server.install.Places;
import dev.qwenmcp.server.install.ServerEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp install}: the server in the configuration of an AI client. */
@Command(
    name = "install",
    description = {
      "Add this server to the configuration of an AI client: shows the change, asks, keeps a copy of"
          + " the file, and leaves everything else in it as it is.",
      "Clients: claude-desktop, claude-code, cursor, vscode, codex, opencode, lm-studio, windsurf,"
          + " zed, gemini-cli."
    })
final class InstallCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--client",
      required = true,
      paramLabel = "CLIENT",
      description = "Whose configuration is changed.")
  private String client;

  @Option(
      names = "--name",
      defaultValue = "qwen",
      paramLabel = "NAME",
      description = "What the client calls the server (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--project",
      description = "Change the settings of the project in this folder rather than the user's.")
  private boolean ofProject;

  @Option(
      names = "--http",
      paramLabel = "URL",
      description =
          "Have the client reach a server that runs already, such as http://127.0.0.1:8765/mcp.")
  private String url;

  @Option(names = "--remove", description = "Remove the entry instead.")
  private boolean remove;

  @Option(names = "--print", description = "Only print what the client's file would hold.")
  private boolean print;

  @Option(
      names = {"-y", "--yes"},
      description = "Write without asking.")
  private boolean yes;

  @Parameters(
      arity = "0..*",
      paramLabel = "OPTION",
      description = "Options of serve that the client passes, after --, such as -- --model NAME.")
  private List<String> options = List.of();

  @Override
  public Integer call() throws IOException, CliException {
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new ParameterException(
          spec.commandLine(), "--name takes up to 64 letters, digits, - and _, got " + name);
    }
    try {
      Client chosen = Client.of(client);
      return change(chosen, chosen.file(places(), ofProject));
    } catch (InstallException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private static Places places() {
    return new Places(
        System.getProperty("os.name"),
        System.getenv(),
        Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home"))),
        Path.of("").toAbsolutePath());
  }

  private Integer change(Client chosen, Path path) throws IOException, InstallException {
    PrintWriter out = spec.commandLine().getOut();
    ConfigurationFile file = ConfigurationFile.read(path);
    Optional<String> changed = changed(chosen, file);
    if (print) {
      out.print(changed.orElse(file.text()));
      out.flush();
      return ExitCode.OK;
    }
    if (changed.isEmpty() || changed.get().equals(file.text())) {
      out.printf(
          "%s %s; nothing to do%n", file.path(), remove ? "has no " + name : "is as it should be");
      return ExitCode.OK;
    }
    out.println(file.path());
    LineChange.between(file.text(), changed.get()).forEach(out::println);
    if (!yes && !confirmed(out)) {
      out.println("Nothing was written.");
      return ExitCode.SOFTWARE;
    }
    Optional<Path> copy = file.replace(changed.get(), Instant.now());
    copy.ifPresent(kept -> out.println("What was there is kept in " + kept));
    out.printf("Written. Restart %s to %s.%n", client, remove ? "be rid of it" : "use it");
    return ExitCode.OK;
  }

  private Optional<String> changed(Client chosen, ConfigurationFile file) throws InstallException {
    try {
      return remove
          ? chosen.without(file.text(), name)
          : Optional.of(chosen.with(file.text(), name, entry()));
    } catch (InstallException e) {
      throw new InstallException(file.path() + ": " + e.getMessage(), e);
    }
  }

  private ServerEntry entry() {
    if (url == null) {
      List<String> words = new ArrayList<>(ServerCommandLine.words());
      words.addAll(options);
      return new ServerEntry.Stdio(words);
    }
    if (!options.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "a server that runs already takes no options from its client");
    }
    if (!url.matches("https?://.+") || URI.create(url).getHost() == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--http: expected a URL such as http://127.0.0.1:8765/mcp, got " + url);
    }
    return new ServerEntry.Http(url);
  }

  private boolean confirmed(PrintWriter out) throws IOException {
    out.print("Write this? [y/N] ");
    out.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    String answer = in.readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
