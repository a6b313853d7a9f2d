package dev.qwenmcp.server.knowledge.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/**
 * Keeps ONNX Runtime from reporting to its makers.
 *
 * <p>Its builds for Linux and macOS number the device, write down which models are run on which
 * machine in the user's cache folder, and send that away. The setting of its interface for Java
 * comes too late: the library begins when it is loaded. It looks for a variable of the environment
 * then, which this process has to set for itself, as a library reads C's environment and not Java's
 * copy.
 */
final class OnnxTelemetry {
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private OnnxTelemetry() {}

  /**
   * Turns it off, before the library is loaded.
   *
   * @throws IOException if that is not possible: then the library must not be loaded
   */
  @SuppressWarnings("restricted") // calls native code
  static void disable() throws IOException {
    Linker linker = Linker.nativeLinker();
    var setenv =
        linker
            .defaultLookup()
            .find("setenv") // int setenv(const char *name, const char *value, int overwrite);
            .orElseThrow(() -> refused("the C library has no setenv"));
    int failed;
    try (Arena arena = Arena.ofConfined()) {
      failed =
          (int)
              linker
                  .downcallHandle(
                      setenv, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                  .invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom("1"), 1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    if (failed != 0) {
      throw refused("setenv failed");
    }
  }

  private static IOException refused(String reason) {
    return new IOException(
        "ONNX Runtime is not loaded, since it could not be kept from reporting to its makers: "
            + reason);
  }
}
