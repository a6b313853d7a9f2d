package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.folder.PathException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folders that documents may be read from, with all below them. What a path leads to through
 * symbolic links decides, not what it is called.
 */
public final class AllowedRoots {
  /** Nothing may be read. */
  public static final AllowedRoots NONE = new AllowedRoots(List.of(), Set.of(), false);

  private static final String HOW =
      "start the server with --allow-root DIR, or set QWEN_MCP_ALLOW_ROOTS";

  private final List<Path> folders;

  /** As they were named and as they really are: where a path must begin to be looked at. */
  private final Set<Path> beginnings;

  private final boolean narrowed;

  private AllowedRoots(List<Path> folders, Set<Path> beginnings, boolean narrowed) {
    this.folders = folders;
    this.beginnings = beginnings;
    this.narrowed = narrowed;
  }

  /**
   * Allows folders.
   *
   * @throws PathException if one does not exist or is no folder
   */
  public static AllowedRoots of(List<Path> folders) throws PathException {
    List<Path> real = new ArrayList<>();
    Set<Path> beginnings = new LinkedHashSet<>();
    for (Path folder : folders) {
      Path named = folder.toAbsolutePath().normalize();
      try {
        Path path = folder.toRealPath();
        if (!Files.isDirectory(path)) {
          throw new NotDirectoryException(path.toString());
        }
        real.add(path);
        beginnings.add(path);
        beginnings.add(named);
      } catch (IOException e) {
        throw new PathException(
            Kind.NOT_FOUND, "%s cannot be allowed: it is no folder".formatted(named), e);
      }
    }
    return new AllowedRoots(List.copyOf(new LinkedHashSet<>(real)), Set.copyOf(beginnings), false);
  }

  /**
   * What is left where a client says in which folders its user works: of each folder that has some
   * of these in it, these alone. The others stay, since whoever started the server named them, and
   * so does what a client names around an allowed folder. Nothing is ever added.
   *
   * @param given paths or {@code file:} URIs; what is no folder within these, or is not there, says
   *     nothing and is not looked at
   * @return those of the client first, so that relative paths begin there
   */
  public AllowedRoots narrowedTo(List<String> given) {
    Set<Path> kept = new LinkedHashSet<>();
    Set<Path> named = new LinkedHashSet<>();
    for (String each : given) {
      try {
        Path real = resolve(each);
        if (Files.isDirectory(real)) {
          kept.add(real);
          named.add(real);
          named.add(path(each).toAbsolutePath().normalize());
        }
      } catch (PathException e) {
        continue; // on another machine, or not allowed
      }
    }
    if (kept.isEmpty()) {
      return this;
    }
    Set<Path> whole = new LinkedHashSet<>();
    for (Path folder : folders) {
      if (kept.stream().noneMatch(root -> root.startsWith(folder))) {
        whole.add(folder);
      }
    }
    for (Path beginning : beginnings) {
      if (whole.stream().anyMatch(beginning::startsWith) || leadsTo(beginning, whole)) {
        named.add(beginning);
      }
    }
    kept.addAll(whole);
    return new AllowedRoots(List.copyOf(kept), Set.copyOf(named), true);
  }

  private static boolean leadsTo(Path beginning, Set<Path> folders) {
    try {
      return folders.contains(beginning.toRealPath());
    } catch (IOException e) {
      return false; // gone since
    }
  }

  /** The folders, without symbolic links. */
  public List<Path> folders() {
    return folders;
  }

  /** Whether a path without symbolic links is in one of the folders. */
  boolean contains(Path real) {
    return folders.stream().anyMatch(real::startsWith);
  }

  /**
   * Where a path leads to.
   *
   * @param given absolute, a {@code file:} URI, or relative to one of the folders
   * @return the path without symbolic links; it exists and is in one of the folders
   * @throws PathException if there is nothing or it may not be read. What is outside of the folders
   *     is not looked at, so that nobody learns what is there
   */
  public Path resolve(String given) throws PathException {
    if (folders.isEmpty()) {
      throw new PathException(
          Kind.NOT_ALLOWED,
          "this server may not read files; " + HOW + ", to the folder that it may");
    }
    Path path = path(given);
    List<Path> candidates =
        path.isAbsolute()
            ? List.of(path.normalize())
            : folders.stream().map(folder -> folder.resolve(path).normalize()).toList();
    boolean outside = true;
    for (Path candidate : candidates) {
      if (beginnings.stream().anyMatch(candidate::startsWith)) {
        outside = false;
        try {
          Path real = candidate.toRealPath();
          if (contains(real)) {
            return real;
          }
          throw notAllowed(given, "leads through a symbolic link to where nothing may be read");
        } catch (IOException e) {
          if (e instanceof NoSuchFileException || !Files.exists(candidate)) {
            continue; // perhaps in the next folder
          }
          throw new PathException(
              Kind.FAILED, "%s cannot be read: %s".formatted(given, reason(e)), e);
        }
      }
    }
    if (outside) {
      throw notAllowed(given, "is outside of the folders that may be read");
    }
    throw new PathException(Kind.NOT_FOUND, "there is no file or folder " + given);
  }

  private PathException notAllowed(String given, String why) {
    String allowed = folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    String how = narrowed ? "open it in the client, which named these, or " + HOW : HOW;
    return new PathException(
        Kind.NOT_ALLOWED, "%s %s: %s. To allow another, %s".formatted(given, why, allowed, how));
  }

  private static Path path(String given) throws PathException {
    try {
      if (given.toLowerCase(Locale.ROOT).startsWith("file:")) {
        return Path.of(URI.create(given));
      }
      if (given.matches("[A-Za-z][A-Za-z0-9+.-]+://.*")) {
        throw new PathException(
            Kind.INVALID, "%s is no file: URI; only files are read".formatted(given));
      }
      return Path.of(given);
    } catch (InvalidPathException | FileSystemNotFoundException e) {
      throw new PathException(Kind.INVALID, "\"%s\" is no path".formatted(given), e);
    } catch (IllegalArgumentException e) {
      throw new PathException(
          Kind.INVALID,
          "\"%s\" is no file: URI of this machine, such as file:///home/me/notes".formatted(given),
          e);
    }
  }

  /** What an exception of the file system says, without a stack of class names. */
  static String reason(IOException e) {
    String type = e.getClass().getSimpleName().replaceFirst("Exception$", "");
    String words = type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    boolean plain = e.getClass() == IOException.class;
    return plain && e.getMessage() != null ? e.getMessage() : words;
  }
}
