package dev.qwenmcp.engine.gguf;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of one file of a split model, {@code prefix-00002-of-00003.gguf}.
 *
 * @param prefix path and what comes before the numbers
 * @param number of this file, from 1
 * @param count of all files
 */
record SplitName(Path folder, String prefix, int number, int count) {
  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  static Optional<SplitName> of(Path path) {
    Matcher matcher = NAME.matcher(path.getFileName().toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new SplitName(
            path.toAbsolutePath().getParent(),
            matcher.group(1),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))));
  }

  /** The path of another file of the same model. */
  Path sibling(int other) {
    return folder.resolve(String.format("%s-%05d-of-%05d.gguf", prefix, other, count));
  }
}
