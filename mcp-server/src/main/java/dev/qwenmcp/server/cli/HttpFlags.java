package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.transport.http.HttpSettings;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a server is reached by HTTP, and where. */
final class HttpFlags {
  private static final int MAX_PORT = 65_535;

  /** A host that may be an IPv6 address in brackets, and a port. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(?<host>\\[[^\\]]+\\]|[^:\\[\\]]+):)?(?<port>\\d{1,5})");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--http",
      paramLabel = "[HOST:]PORT",
      description = {
        "Serve over HTTP at this address instead of standard input and output, until the process is"
            + " told to stop; 0 for a free port.",
        "The address is 127.0.0.1 unless one is given; one that other machines reach needs a token"
            + " or --oauth-issuer."
      })
  private String address;

  /** Where to listen, empty for standard input and output. */
  Optional<HttpSettings> settings() {
    if (address == null) {
      return Optional.empty();
    }
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > MAX_PORT) {
      throw refused("expected [HOST:]PORT, such as 8080 or 127.0.0.1:8080, got " + address);
    }
    String given = matcher.group("host");
    String host = given == null ? HttpSettings.LOOPBACK : given.replaceAll("[\\[\\]]", "");
    return Optional.of(HttpSettings.at(host, Integer.parseInt(matcher.group("port"))));
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), "--http: " + message);
  }
}
