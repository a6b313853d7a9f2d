package dev.qwenmcp.server.knowledge.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTelemetryTest {
  @TempDir private Path home;

  /** Embeds a text in a process of its own. */
  static final class Embeds {
    public static void main(String[] arguments) throws Exception {
      try (OnnxEmbedder embedder = new OnnxEmbedder(JarModel.BGE_ZH)) {
        System.out.println(embedder.embed("你好").vector().length);
      }
    }
  }

  @Test
  void nothingIsWrittenDownForTheMakersOfOnnxRuntime() throws Exception {
    Path log = home.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Duser.home=" + home,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Embeds.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ORT_"));
    builder.environment().put("HOME", home.toString());
    builder.environment().remove("XDG_CACHE_HOME");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(log).content().contains("512");
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .doesNotContain("deviceid", "onnxruntime.db");
    }
    assertThat(home.resolve(".cache/Microsoft")).doesNotExist();
  }
}
