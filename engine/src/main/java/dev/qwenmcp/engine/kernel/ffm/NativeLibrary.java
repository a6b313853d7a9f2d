package dev.qwenmcp.engine.kernel.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Finds the kernels on the class path and loads them. The library travels as a resource; a copy
 * lies in the user's cache ({@link LibraryCache}), because the system loads from files only.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads the library for the life of the process.
   *
   * @throws NativeLibraryException if there is none for this machine, or it cannot be loaded
   */
  static SymbolLookup load() {
    String resource = resource();
    byte[] content;
    try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new NativeLibraryException(
            "this build holds no kernels for "
                + platform()
                + " (no "
                + resource
                + "); build it on this machine with gcc or clang installed: mvn -DskipTests"
                + " package");
      }
      content = in.readAllBytes();
    } catch (IOException e) {
      throw new NativeLibraryException("cannot read " + resource + "; build again", e);
    }
    try (LibraryCache.Copy copy = LibraryCache.ofUser().copy(fileName(), content)) {
      return load(copy.file());
    } catch (IOException e) {
      throw new NativeLibraryException(
          "cannot store the kernels in the user's cache nor in "
              + System.getProperty("java.io.tmpdir")
              + " ("
              + e
              + "); make one of them writable",
          e);
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load(Path file) {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalCallerException e) {
      throw new NativeLibraryException(
          "this Java denies native access; start it with --enable-native-access=ALL-UNNAMED", e);
    } catch (IllegalArgumentException e) {
      throw new NativeLibraryException(
          "the system cannot load "
              + file
              + " ("
              + e.getMessage()
              + "); build again on this machine, or set XDG_CACHE_HOME to a folder that may hold"
              + " executable files",
          e);
    }
  }

  private static String resource() {
    return "/dev/qwenmcp/native/" + platform() + "/" + fileName();
  }

  private static String fileName() {
    return os().equals("macos") ? "libqk.dylib" : "libqk.so";
  }

  /** As {@code native/build.sh} names it: linux-x86_64, linux-aarch64, macos-aarch64. */
  static String platform() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return os() + "-" + (arch.equals("amd64") ? "x86_64" : arch.equals("arm64") ? "aarch64" : arch);
  }

  private static String os() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "macos" : name.replace(' ', '-');
  }
}
