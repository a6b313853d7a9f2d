package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.transport.http.security.Grant;
import dev.qwenmcp.server.transport.http.security.StaticTokens;
import dev.qwenmcp.server.transport.http.security.StoredToken;
import dev.qwenmcp.server.transport.http.security.TokenFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp token}: who may use a server over HTTP. */
@Command(
    name = "token",
    description = {
      "Make, list and revoke the tokens by which clients use a server over HTTP; it may be running.",
      "Each token has contexts, collections and runs of its own, which no other sees."
    },
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Where the tokens are. */
  static final class Place {
    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        defaultValue = "${env:QWEN_MCP_DATA}",
        description = "The server's data folder (default: as for serve).")
    private Path folder;

    TokenFile file() {
      return new TokenFile(
          folder == null ? DataFolder.standard() : folder.toAbsolutePath().normalize());
    }
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected one of the commands create, list and revoke");
  }

  @Command(
      name = "create",
      description = {
        "Make a token and print it, once: only its hash is kept.",
        "A name that was revoked can be given again, and sees what it saw before."
      })
  int create(
      @Mixin Place place,
      @Parameters(paramLabel = "NAME", description = "Whom it is for, such as laptop.") String name,
      @Option(
              names = "--grant",
              paramLabel = "WHAT",
              defaultValue = "use",
              description =
                  "What it is good for: use (call tools), operate (see the whole server); may be repeated"
                      + " (default: ${DEFAULT-VALUE}).")
          Set<Grant> grants)
      throws IOException {
    String token =
        StaticTokens.create(place.file(), name, grants, new SecureRandom(), InstantSource.system());
    spec.commandLine().getOut().println(token);
    spec.commandLine().getOut().flush();
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "Give it to the client as the header Authorization: Bearer TOKEN. It is not shown again.");
    err.println("Servers that are started from now on want a token over HTTP.");
    err.flush();
    return 0;
  }

  @Command(name = "list", description = "List the tokens by name, without the tokens themselves.")
  int list(@Mixin Place place) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (StoredToken token : place.file().read()) {
      String grants =
          token.grants().stream().sorted().map(Grant::word).collect(Collectors.joining(","));
      out.printf("%-32s  %-12s  created %s%n", token.name(), grants, token.created());
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "revoke",
      description =
          "Refuse a token from the next request on. What belongs to its name stays on disk.")
  int revoke(
      @Mixin Place place, @Parameters(paramLabel = "NAME", description = "Its name.") String name)
      throws IOException {
    StaticTokens.revoke(place.file(), name);
    PrintWriter err = spec.commandLine().getErr();
    err.println("Token " + name + " is revoked");
    err.flush();
    return 0;
  }
}
