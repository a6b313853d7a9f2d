package dev.qwenmcp.server.flow.sql;

import java.time.Instant;

/**
 * A process as runs name the one that runs them: its number and when it began, since numbers come
 * again.
 */
final class ProcessOwner {
  private ProcessOwner() {}

  /** This process. */
  static String current() {
    return of(ProcessHandle.current());
  }

  private static String of(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "@" + start;
  }

  /** Whether an owner still exists on this machine. */
  static boolean lives(String owner) {
    int at = owner.indexOf('@');
    if (at < 0) {
      return false;
    }
    return ProcessHandle.of(Long.parseLong(owner.substring(0, at)))
        .filter(ProcessHandle::isAlive)
        .filter(process -> of(process).equals(owner))
        .isPresent();
  }
}
