package dev.qwenmcp.server.cli;

import java.util.List;

/** Looks at one thing that the program needs. */
interface HealthCheck {

  /** How serious a finding is. */
  enum Level {
    /** As it should be. */
    GOOD,
    /** Works, but could be better. */
    POOR,
    /** Must be mended before the program can be used. */
    BROKEN
  }

  /**
   * What a check found.
   *
   * @param subject what was looked at
   * @param found how it is
   * @param remedy what to do, empty if nothing
   */
  record Finding(Level level, String subject, String found, String remedy) {
    static Finding good(String subject, String found) {
      return new Finding(Level.GOOD, subject, found, "");
    }
  }

  /** Looks; never throws for what it looks at. */
  List<Finding> findings();
}
