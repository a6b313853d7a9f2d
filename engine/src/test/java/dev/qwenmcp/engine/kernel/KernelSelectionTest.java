package dev.qwenmcp.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each choice in a process of its own, because a process loads the native library once. */
class KernelSelectionTest {
  /** Prints what the choice gives. */
  static final class Chooser {
    private Chooser() {}

    public static void main(String[] args) {
      try (Kernels kernels = KernelSelection.open(KernelChoice.valueOf(args[0]), 2)) {
        System.out.println("opened " + kernels.description());
      } catch (RuntimeException e) {
        System.out.println("refused " + e.getMessage());
      }
    }
  }

  private static String choose(
      KernelChoice choice, Map<String, String> environment, String... javaOptions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(javaOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Chooser.class.getName(), choice.name()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void autoFallsBackToJavaAndSaysWhyAndWhatToDo() throws Exception {
    assertThat(choose(KernelChoice.AUTO, Map.of(), "-Dos.arch=z80"))
        .contains("opened java")
        .contains("WARNING")
        .contains("-z80")
        .contains("gcc");
  }

  @Test
  void nativeIsRefusedWhereThereIsNone() throws Exception {
    assertThat(choose(KernelChoice.NATIVE, Map.of(), "-Dos.arch=z80"))
        .contains("refused")
        .doesNotContain("opened");
  }

  @Test
  void javaAsksForNoNativeAccess() throws Exception {
    assertThat(choose(KernelChoice.JAVA, Map.of(), "--illegal-native-access=deny"))
        .contains("opened java");
  }

  @Test
  void deniedNativeAccessNamesTheOption() throws Exception {
    NativeAvailability.require();
    assertThat(choose(KernelChoice.NATIVE, Map.of(), "--illegal-native-access=deny"))
        .contains("refused")
        .contains("--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void theEnvironmentIsACeilingForTheInstructionSet() throws Exception {
    NativeAvailability.require();
    String allowed = "--enable-native-access=ALL-UNNAMED";
    assertThat(choose(KernelChoice.NATIVE, Map.of("QWEN_MCP_ISA", "scalar"), allowed))
        .contains("opened native scalar, 2 threads");
    assertThat(choose(KernelChoice.NATIVE, Map.of("QWEN_MCP_ISA", "mmx"), allowed))
        .contains("refused")
        .contains("QWEN_MCP_ISA=mmx");
  }
}
