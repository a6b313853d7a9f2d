package dev.qwenmcp.server.transport.http.security;

import java.util.Locale;

/** What a client may do. */
public enum Grant {
  /** Call tools and read what belongs to its principal. */
  USE,

  /** See how the whole server fares: metrics, and models on the web page. */
  OPERATE;

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
