package dev.qwenmcp.server.install;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, as lines that go and lines that come with some around them. */
public final class LineChange {
  private static final int AROUND = 3;

  private LineChange() {}

  /** Lines with a leading space, minus or plus; none for equal texts. */
  public static List<String> between(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> changed = after.lines().toList();
    int same = 0;
    int shorter = Math.min(old.size(), changed.size());
    while (same < shorter && old.get(same).equals(changed.get(same))) {
      same++;
    }
    int end = 0;
    while (end < shorter - same
        && old.get(old.size() - 1 - end).equals(changed.get(changed.size() - 1 - end))) {
      end++;
    }
    List<String> lines = new ArrayList<>();
    if (same == old.size() && same == changed.size()) {
      return lines;
    }
    old.subList(Math.max(0, same - AROUND), same).forEach(line -> lines.add(" " + line));
    old.subList(same, old.size() - end).forEach(line -> lines.add("-" + line));
    changed.subList(same, changed.size() - end).forEach(line -> lines.add("+" + line));
    old.subList(old.size() - end, Math.min(old.size(), old.size() - end + AROUND))
        .forEach(line -> lines.add(" " + line));
    return lines;
  }
}
