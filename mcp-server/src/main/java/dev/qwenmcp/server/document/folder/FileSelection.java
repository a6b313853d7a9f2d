package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.folder.PathException.Kind;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * Which files of a folder are documents, by patterns like those of {@code .gitignore}: one without
 * a slash matches names at any depth, one with a slash paths from the folder on; {@code *} stops at
 * a slash, {@code **} does not; one that matches a folder matches all below it.
 *
 * @param include at least one of these matches, where there are any
 * @param exclude none of these matches
 */
public record FileSelection(List<String> include, List<String> exclude) {
  /** All files. */
  public static final FileSelection ALL = new FileSelection(List.of(), List.of());

  private static final Set<String> NEVER = Set.of("node_modules", "__pycache__");

  public FileSelection {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /**
   * Compiles the patterns.
   *
   * @throws PathException if one is none
   */
  Matcher matcher() throws PathException {
    return new Matcher(include.isEmpty(), compile(include), compile(exclude));
  }

  private static List<PathMatcher> compile(List<String> patterns) throws PathException {
    List<PathMatcher> matchers = new ArrayList<>();
    for (String given : patterns) {
      String pattern = given.strip().replaceFirst("^(?:\\./|/)", "").replaceFirst("/+$", "");
      boolean anywhere = !pattern.contains("/") && !given.startsWith("/");
      try {
        if (pattern.isEmpty()) {
          throw new PatternSyntaxException("empty", given, 0);
        }
        for (String glob : List.of(pattern, pattern + "/**")) {
          matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
          if (anywhere) {
            matchers.add(FileSystems.getDefault().getPathMatcher("glob:**/" + glob));
          } else if (glob.startsWith("**/")) { // also in the folder itself
            matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob.substring(3)));
          }
        }
      } catch (PatternSyntaxException e) {
        throw new PathException(
            Kind.INVALID,
            "\"%s\" is no pattern; write for example *.md or drafts/**".formatted(given),
            e);
      }
    }
    return matchers;
  }

  /**
   * Whether a file or folder that is named so is never a document: hidden ones and makeshift files.
   */
  static boolean neverRead(String name) {
    return name.startsWith(".")
        || name.startsWith("~$")
        || name.endsWith("~")
        || NEVER.contains(name);
  }

  /** Patterns that were compiled. */
  record Matcher(boolean all, List<PathMatcher> include, List<PathMatcher> exclude) {
    /** Whether a file is a document. */
    boolean selects(Path relative) {
      return !excludes(relative)
          && (all || include.stream().anyMatch(pattern -> pattern.matches(relative)));
    }

    /** Whether a folder need not be looked into. */
    boolean excludes(Path relative) {
      return exclude.stream().anyMatch(pattern -> pattern.matches(relative));
    }
  }
}
