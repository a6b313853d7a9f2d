package dev.qwenmcp.server.transport.http.security;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names under which a server may be addressed, against DNS rebinding.
 *
 * <p>A page of an attacker can make a browser speak to this server under the attacker's own name,
 * which he lets point here. It cannot do so under a number, so numbers need no list.
 *
 * @param loopbackOnly whether the server can be reached from this machine alone
 * @param names besides {@code localhost}, in lower case, without a port
 */
public record ServedHosts(boolean loopbackOnly, Set<String> names) {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");

  public ServedHosts {
    names = names.stream().map(ServedHosts::plain).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @param hostHeader such as {@code localhost:8765}; null if there was none
   */
  boolean serves(String hostHeader) {
    if (hostHeader == null) {
      return false;
    }
    String host = name(hostHeader);
    return isLoopback(host)
        || names.contains(host)
        || !loopbackOnly && (IPV4.matcher(host).matches() || IPV6.matcher(host).matches());
  }

  /** Whether a name or number means this machine by itself, for everybody. */
  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.startsWith("127.") && IPV4.matcher(host).matches();
  }

  /** A Host header without its port, in lower case; what is no host comes back as it is. */
  static String name(String hostHeader) {
    String host = plain(hostHeader);
    int colon = host.startsWith("[") ? host.indexOf(':', host.indexOf(']') + 1) : host.indexOf(':');
    return plain(colon < 0 ? host : host.substring(0, colon));
  }

  private static String plain(String name) {
    String host = name.strip().toLowerCase(Locale.ROOT);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
