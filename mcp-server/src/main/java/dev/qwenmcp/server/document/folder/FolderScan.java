package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.folder.PathException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a folder that are to be read, at one moment.
 *
 * @param files in the order of their paths, each once
 * @param folders the folder and all folders in it that were looked into
 * @param failures what could not be looked at
 * @param unknown folders and links whose files are not known, so that none of them is taken for
 *     gone
 */
record FolderScan(
    List<FoundFile> files, List<Path> folders, List<FileFailure> failures, List<Path> unknown) {
  private static final int MOST_FILES = 20_000;
  private static final int MOST_DEPTH = 64;

  /**
   * A file.
   *
   * @param path without symbolic links
   * @param relative to the folder, with slashes
   */
  record FoundFile(Path path, String relative) {}

  /** The scan of a single file. */
  static FolderScan ofFile(Path file) {
    return new FolderScan(
        List.of(new FoundFile(file, file.getFileName().toString())),
        List.of(),
        List.of(),
        List.of());
  }

  /**
   * Looks through a folder and all below it. Symbolic links are followed where they stay within the
   * allowed folders; hidden files are left out.
   *
   * @param folder without symbolic links
   * @throws PathException if it cannot be listed or has too many files
   */
  static FolderScan of(Path folder, FileSelection.Matcher selection, AllowedRoots roots)
      throws PathException {
    Walk walk = new Walk(folder, selection, roots);
    walk.into(folder, 0);
    if (walk.folders.isEmpty()) {
      throw new PathException(
          Kind.FAILED, "%s %s".formatted(folder, walk.failures.getFirst().reason()));
    }
    return new FolderScan(
        List.copyOf(walk.files.values()), walk.folders, walk.failures, walk.unknown);
  }

  /** One look through a folder. */
  private static final class Walk {
    private final Path root;
    private final FileSelection.Matcher selection;
    private final AllowedRoots roots;
    private final Map<Path, FoundFile> files = new LinkedHashMap<>();
    private final List<Path> folders = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();
    private final List<FileFailure> failures = new ArrayList<>();
    private final List<Path> unknown = new ArrayList<>();

    Walk(Path root, FileSelection.Matcher selection, AllowedRoots roots) {
      this.root = root;
      this.selection = selection;
      this.roots = roots;
    }

    /** Looks into a folder, given as it is reached from the root. */
    void into(Path folder, int depth) throws PathException {
      if (depth > MOST_DEPTH) {
        fail(folder, "is more than %d folders deep".formatted(MOST_DEPTH));
        return;
      }
      List<Path> entries = new ArrayList<>();
      try {
        if (!seen.add(folder.toRealPath())) {
          return; // links may lead in circles
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
          for (Path entry : stream) {
            entries.add(entry);
            if (entries.size() > MOST_FILES) {
              throw tooMany();
            }
          }
        }
      } catch (IOException e) {
        fail(folder, "cannot be listed: " + AllowedRoots.reason(e));
        return;
      } catch (DirectoryIteratorException e) {
        fail(folder, "cannot be listed: " + AllowedRoots.reason(e.getCause()));
        return;
      }
      folders.add(folder);
      entries.sort(null);
      for (Path entry : entries) {
        Path relative = root.relativize(entry);
        if (!FileSelection.neverRead(entry.getFileName().toString())
            && !selection.excludes(relative)) {
          look(entry, relative, depth);
        }
      }
    }

    private void look(Path entry, Path relative, int depth) throws PathException {
      try {
        Path real = entry.toRealPath();
        if (!roots.contains(real)) {
          fail(entry, "is a symbolic link that leads outside of the allowed folders");
          return;
        }
        BasicFileAttributes attributes =
            Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
          into(entry, depth + 1);
        } else if (attributes.isRegularFile()) {
          if (selection.selects(relative)) {
            String name = relative.toString().replace(root.getFileSystem().getSeparator(), "/");
            files.putIfAbsent(real, new FoundFile(real, name));
            if (files.size() > MOST_FILES) {
              throw tooMany();
            }
          }
        } else if (selection.selects(relative)) {
          fail(entry, "is neither a file nor a folder");
        }
      } catch (IOException e) {
        fail(entry, "cannot be looked at: " + AllowedRoots.reason(e));
      }
    }

    private PathException tooMany() {
      return new PathException(
          Kind.TOO_LARGE,
          "%s has more than %,d files; choose a smaller folder or fewer files with include or exclude"
              .formatted(root, MOST_FILES));
    }

    private void fail(Path path, String reason) {
      failures.add(new FileFailure(root.relativize(path).toString(), reason));
      unknown.add(path);
    }
  }
}
