package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How this program starts itself again, for work that must not share a process with it.
 *
 * @param words Java, its options and the main class
 */
public record ChildCommand(List<String> words) {
  public ChildCommand {
    words = List.copyOf(words);
  }

  /** A child with these arguments; what it says on standard error is the builder's to redirect. */
  public ProcessBuilder with(List<String> arguments) {
    List<String> all = new ArrayList<>(words);
    all.addAll(arguments);
    return new ProcessBuilder(all);
  }

  /**
   * Ends a child that lives as long as its standard input, and waits until it is gone.
   *
   * @param child ended by force if it does not go within ten seconds
   */
  public static void end(Process child) {
    try {
      child.getOutputStream().close();
    } catch (IOException _) {
      // It is gone already.
    }
    try {
      if (!child.waitFor(Duration.ofSeconds(10))) {
        child.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
