package dev.qwenmcp.server.knowledge.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.qwenmcp.engine.kernel.ffm.LibraryCache;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Has ONNX Runtime load its native libraries from the user's cache of libraries, where they stay.
 *
 * <p>By itself it unpacks 28 MB into the folder for temporary files at each start, and leaves them
 * there if it is killed. What lies in the cache is compared with what the jar has before it is
 * used.
 */
final class OnnxLibraries {
  private static final String RUNTIME = "onnxruntime";
  private static final String BINDING = "onnxruntime4j_jni";

  private OnnxLibraries() {}

  /**
   * Loads the libraries; where the user has set a path for them, or there is no build in the jar
   * for this machine, it is left to ONNX Runtime how.
   *
   * @throws IOException if not even temporary files can be written, or the library could not be
   *     kept from reporting to its makers
   */
  static synchronized OrtEnvironment load() throws IOException {
    OnnxTelemetry.disable();
    List<LibraryCache.Copy> copies = new ArrayList<>();
    try {
      if (System.getProperty("onnxruntime.native.path") == null) {
        for (String name : List.of(RUNTIME, BINDING)) {
          copy(name, copies);
        }
      }
      return OrtEnvironment.getEnvironment();
    } finally {
      for (LibraryCache.Copy copy : copies) {
        copy.close(); // loaded; a temporary one is no longer needed
      }
    }
  }

  private static void copy(String name, List<LibraryCache.Copy> copies) throws IOException {
    String property = "onnxruntime.native." + name + ".path";
    String file = System.mapLibraryName(name);
    try (InputStream in =
        OrtEnvironment.class.getResourceAsStream(
            "/ai/onnxruntime/native/" + platform() + "/" + file)) {
      if (in != null && System.getProperty(property) == null) {
        LibraryCache.Copy copy = LibraryCache.ofUser().copy(file, in.readAllBytes());
        copies.add(copy);
        System.setProperty(property, copy.file().toString());
      }
    }
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux")
        + "-"
        + (machine.equals("aarch64") || machine.equals("arm64") ? "aarch64" : "x64");
  }
}
