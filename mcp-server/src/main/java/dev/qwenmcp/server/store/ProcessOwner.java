package dev.qwenmcp.server.store;

import java.time.Instant;

/**
 * A process as work in progress names the one that does it: its number and when it began, since
 * numbers come again.
 */
public final class ProcessOwner {
  private ProcessOwner() {}

  /** This process. */
  public static String current() {
    return of(ProcessHandle.current());
  }

  private static String of(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "@" + start;
  }

  /** Whether an owner still exists on this machine. */
  public static boolean lives(String owner) {
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
