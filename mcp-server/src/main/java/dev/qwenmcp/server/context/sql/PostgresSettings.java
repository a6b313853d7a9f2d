package dev.qwenmcp.server.context.sql;

import java.time.Duration;

/**
 * Where a PostgreSQL database is and how it is used.
 *
 * @param url {@code jdbc:postgresql://host/database} with whatever options the driver knows
 * @param user empty if the URL or the environment names it
 * @param password empty if none is needed, or the driver finds it in {@code ~/.pgpass}
 * @param connections most connections at once, besides one that listens
 * @param patience how long to wait for a connection or a lock
 */
public record PostgresSettings(
    String url, String user, String password, int connections, Duration patience) {
  public static final String URL_PREFIX = "jdbc:postgresql:";

  public PostgresSettings {
    if (!url.startsWith(URL_PREFIX)) {
      throw new IllegalArgumentException(
          "expected a URL that begins with "
              + URL_PREFIX
              + ", such as jdbc:postgresql://host/database");
    }
  }

  /** Eight connections, ten seconds of patience. */
  public static PostgresSettings of(String url, String user, String password) {
    return new PostgresSettings(url, user, password, 8, Duration.ofSeconds(10));
  }

  /** The URL without what may be secret. */
  String place() {
    String address = url.substring("jdbc:".length());
    int options = address.indexOf('?');
    String plain = options < 0 ? address : address.substring(0, options);
    return plain.replaceFirst("//[^/@]*@", "//");
  }

  /** Does not show the password. */
  @Override
  public String toString() {
    return place();
  }
}
