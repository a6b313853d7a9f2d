package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.transport.http.StreamableLimits;
import dev.qwenmcp.server.transport.http.security.OAuthSettings;
import dev.qwenmcp.server.transport.http.security.PrincipalLimits;
import dev.qwenmcp.server.transport.http.security.TlsIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who may use a server over HTTP, and how much. */
final class SecurityFlags {
  private static final String TLS_PASSWORD = "QWEN_MCP_TLS_PASSWORD";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--allow-host",
      split = Settings.SEPARATOR,
      paramLabel = "NAME",
      description =
          "A name under which clients reach the server over HTTP, besides localhost; may be"
              + " repeated.")
  private List<String> hosts = List.of();

  @Option(
      names = "--allow-origin",
      split = Settings.SEPARATOR,
      paramLabel = "ORIGIN",
      description =
          "Web pages that may use the server from a browser, such as https://app.example; may be"
              + " repeated (default: those of this machine where the server is reached from it"
              + " alone).")
  private List<String> origins = List.of();

  @Option(
      names = "--allow-unauthenticated",
      fallbackValue = "true", // also where the settings say so already
      description =
          "Let everybody who reaches the server use it, beyond this machine as well, without a"
              + " token.")
  private boolean unauthenticated;

  @Option(
      names = "--oauth-issuer",
      paramLabel = "URL",
      description = "Authorization server whose access tokens are taken, by OAuth 2.1.")
  private URI issuer;

  @Option(
      names = "--oauth-audience",
      paramLabel = "URI",
      description =
          "Whom the access tokens must be meant for: the address of the server's /mcp, as clients"
              + " know it.")
  private String audience;

  @Option(
      names = "--oauth-jwks",
      paramLabel = "URL",
      description = "Address of the authorization server's keys (default: as its metadata says).")
  private URI keys;

  @Option(
      names = "--oauth-scope",
      paramLabel = "WORD",
      defaultValue = "",
      description = "Scope that access tokens must have (default: any).")
  private String scope;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate for HTTPS as PEM, the server's own first; needs --tls-key.")
  private Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key as PEM, unencrypted PKCS #8.")
  private Path key;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description =
          "Certificate and key for HTTPS as PKCS #12 or JKS; its password is"
              + " $QWEN_MCP_TLS_PASSWORD.")
  private Path keyStore;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Requests a second that each client may make (default: 200 where tokens are asked for, else"
              + " any).")
  private Double rate;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description =
          "Requests that each client may make at once after a rest (default: 1000 where tokens are"
              + " asked for, else any).")
  private Integer burst;

  @Option(
      names = "--concurrent",
      paramLabel = "N",
      description =
          "Requests of each client that are worked on at a time (default: 256 where tokens are asked"
              + " for, else any).")
  private Integer concurrent;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description =
          "Sessions that each client may have open (default: 512 where tokens are asked for, else"
              + " 4096).")
  private Integer sessions;

  @Option(
      names = "--max-body",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      defaultValue = "16M",
      description = "Longest request (default: ${DEFAULT-VALUE}).")
  private ByteSize body;

  @Option(
      names = "--max-bodies",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      defaultValue = "256M",
      description =
          "Most bytes of requests of all clients together that are worked on at a time (default:"
              + " ${DEFAULT-VALUE}).")
  private ByteSize bodies;

  /**
   * Room for the requests of all clients together, in bytes.
   *
   * @param longest request, which has to fit
   */
  long bodies(int longest) {
    if (bodies.bytes() < longest) {
      throw refused(
          "--max-bodies is the room for all requests together and must not be less than --max-body,"
              + " the longest of them");
    }
    return bodies.bytes();
  }

  Set<String> hosts() {
    return Set.copyOf(hosts);
  }

  Set<String> origins() {
    return Set.copyOf(origins);
  }

  boolean unauthenticated() {
    return unauthenticated;
  }

  /** The authorization server, if one was named. */
  Optional<OAuthSettings> oauth() {
    if (issuer == null) {
      if (audience != null || keys != null || !scope.isEmpty()) {
        throw refused("--oauth-audience, --oauth-jwks and --oauth-scope need --oauth-issuer");
      }
      return Optional.empty();
    }
    if (audience == null) {
      throw refused(
          "--oauth-issuer needs --oauth-audience, or tokens that were meant for other servers would"
              + " be taken");
    }
    try {
      return Optional.of(new OAuthSettings(issuer, audience, Optional.ofNullable(keys), scope));
    } catch (IllegalArgumentException e) {
      throw refused("--oauth-…: " + e.getMessage());
    }
  }

  /**
   * Limits of each principal: far above what one person's clients ask for, and far below what stops
   * the others.
   *
   * @param several whether there are others; who is alone is limited where he says so
   */
  PrincipalLimits limits(boolean several) {
    try {
      return new PrincipalLimits(
          given(rate, several ? 200.0 : Double.MAX_VALUE),
          given(burst, several ? 1000 : Integer.MAX_VALUE),
          given(concurrent, several ? 256 : Integer.MAX_VALUE),
          given(sessions, several ? 512 : StreamableLimits.DEFAULT.maxSessions()),
          Math.toIntExact(Math.min(body.bytes(), 1 << 30)));
    } catch (IllegalArgumentException e) {
      throw refused("--rate, --burst, --concurrent, --sessions, --max-body: " + e.getMessage());
    }
  }

  private static <T> T given(T flag, T otherwise) {
    return flag == null ? otherwise : flag;
  }

  /** What the server shows itself by, if it speaks TLS. */
  Optional<TlsIdentity> tls() throws IOException {
    if (keyStore != null) {
      if (certificate != null || key != null) {
        throw refused(
            "--tls-keystore holds all that --tls-cert and --tls-key do; give one of them");
      }
      return Optional.of(
          TlsIdentity.keyStore(
              keyStore,
              System.getenv().getOrDefault(TLS_PASSWORD, "").toCharArray(),
              InstantSource.system()));
    }
    if (certificate == null && key == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw refused("--tls-cert and --tls-key go together");
    }
    return Optional.of(TlsIdentity.pem(certificate, key, InstantSource.system()));
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
