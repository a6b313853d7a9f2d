package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The archive that {@code mvn package} makes, unpacked where there is no other Java. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a bash script")
@Timeout(120)
class InstalledIT {
  private static final Path TARGET = Path.of(System.getProperty("image.folder", "target"));
  private static final String VERSION = System.getProperty("image.version", "");
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
      """;

  @TempDir private static Path folder;
  private static Path installed;

  /** How a process ended and what it printed. */
  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void unpack() throws Exception {
    Path archive = made(".tar.gz");
    Run run = run(Map.of(), "", "tar", "-xzf", archive.toString(), "-C", folder.toString());
    assertThat(run.status()).as(run.err()).isZero();
    String name = archive.getFileName().toString().replace(".tar.gz", "");
    installed = folder.resolve(name);
  }

  @Test
  void answersInitializeMakesItsStartCacheAndUsesItFromThenOn() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home-1"));
    Map<String, String> environment = Map.of("HOME", home.toString());

    Run first = run(environment, INITIALIZE, program(), "serve");
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(JSON.readTree(first.out()).at("/result/serverInfo/version").asString())
        .isEqualTo(VERSION);

    Run warm = run(environment, "", program(), "warm");
    assertThat(warm.status()).as(warm.err()).isZero();
    assertThat(warm.out()).isEmpty();
    try (Stream<Path> caches = Files.list(installed.resolve("cache"))) {
      assertThat(caches.filter(path -> path.toString().endsWith(".aot"))).hasSize(1);
    }

    Run doctor = run(environment, "", program(), "doctor");
    assertThat(doctor.status()).as(doctor.err() + doctor.out()).isZero();
    assertThat(doctor.out())
        .contains("in " + installed.toRealPath().resolve("runtime"))
        .containsPattern("ok +launcher +" + installed.toRealPath().resolve("bin/qwen-mcp"))
        .containsPattern("ok +start cache +.*cache/start-[0-9a-f]+\\.aot");
  }

  /** As where an administrator has installed it and not run warm. */
  @Test
  void worksWhereTheInstalledFolderCannotBeWritten() throws Exception {
    Path other = folder.resolve("read only");
    run(Map.of(), "", "cp", "-Rp", installed.toString(), other.toString());
    run(Map.of(), "", "rm", "-rf", other.resolve("cache").toString());
    Files.writeString(other.resolve("cache"), "no folder"); // root may write anywhere
    Path home = Files.createDirectories(folder.resolve("home-2"));
    Map<String, String> environment = Map.of("HOME", home.toString());
    String program = other.resolve("bin/qwen-mcp").toString();

    Run warm = run(environment, "", program, "warm");
    assertThat(warm.status()).as(warm.err()).isZero();

    assertThat(run(environment, "", program, "doctor").out())
        .containsPattern("ok +start cache +" + home + "/.cache/qwen-mcp/start-.*aot");

    Files.createFile(folder.resolve("no-home"));
    Run nowhere =
        run(Map.of("HOME", folder.resolve("no-home").toString()), INITIALIZE, program, "serve");
    assertThat(nowhere.status()).as(nowhere.err()).isZero();
    assertThat(JSON.readTree(nowhere.out()).has("result")).isTrue();
  }

  /** Its libraries lie in a folder that is not on the server's class path. */
  @Test
  void readsDocumentsInTheirOwnProcess() throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("page.html"), "<h1>Hours</h1><p>Open from nine to five.</p>");
    Path home = Files.createDirectories(folder.resolve("home-3"));

    Run run = run(Map.of("HOME", home.toString()), "", program(), "ingest", page.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("1 added", "0 failed");
  }

  @Test
  void carriesTheLicencesOfWhatItIsMadeOf() throws Exception {
    assertThat(installed.resolve("LICENSE")).content().contains("Apache License");
    assertThat(installed.resolve("runtime/legal/java.base/LICENSE")).exists();
    assertThat(installed.resolve("licenses/THIRD-PARTY.txt"))
        .content()
        .contains("org.apache.lucene:lucene-core", "org.postgresql:postgresql");
  }

  @Test
  void bundlesForClientsOfMcpb() throws Exception {
    try (ZipFile bundle = ZipFile.builder().setPath(made(".mcpb")).get()) {
      JsonNode manifest = JSON.readTree(bundle.getInputStream(bundle.getEntry("manifest.json")));
      assertThat(manifest.propertyNames())
          .isSubsetOf(
              Set.of(
                  "manifest_version",
                  "name",
                  "display_name",
                  "version",
                  "description",
                  "long_description",
                  "author",
                  "license",
                  "keywords",
                  "server",
                  "tools",
                  "tools_generated",
                  "prompts_generated",
                  "user_config",
                  "compatibility"));
      assertThat(manifest.path("manifest_version").asString()).isEqualTo("0.3");
      assertThat(manifest.path("version").asString()).isEqualTo(VERSION);
      assertThat(manifest.at("/author/name").asString()).isNotBlank();
      assertThat(manifest.at("/server/type").asString()).isEqualTo("binary");
      String entry = manifest.at("/server/entry_point").asString();
      assertThat(manifest.at("/server/mcp_config/command").asString())
          .isEqualTo("${__dirname}/" + entry);
      ZipArchiveEntry program = bundle.getEntry(entry);
      assertThat(program.getUnixMode() & 0777).isEqualTo(0755);
      assertThat(bundle.getEntry("server/runtime/bin/java").getUnixMode() & 0777).isEqualTo(0755);
      for (JsonNode setting : manifest.path("user_config")) {
        assertThat(setting.path("type").asString())
            .isIn("string", "number", "boolean", "directory", "file");
        assertThat(setting.path("title").asString()).isNotBlank();
        assertThat(setting.path("description").asString()).isNotBlank();
      }
      assertThat(placeholders(manifest.at("/server/mcp_config")))
          .allSatisfy(name -> assertThat(manifest.path("user_config").has(name)).isTrue());
    }
  }

  private static List<String> placeholders(JsonNode configuration) {
    return Pattern.compile("\\$\\{user_config\\.(\\w+)}")
        .matcher(configuration.toString())
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** By the rules of the registry's schema of 2025-12-11. */
  @Test
  void describesTheBundleForTheRegistry() throws Exception {
    JsonNode server = JSON.readTree(Files.readString(TARGET.resolve("server.json")));

    assertThat(server.path("$schema").asString()).contains("/2025-12-11/");
    assertThat(server.path("name").asString()).matches("[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+");
    assertThat(server.path("description").asString()).hasSizeBetween(1, 100);
    assertThat(server.path("title").asString()).hasSizeBetween(1, 100);
    assertThat(server.path("version").asString()).isEqualTo(VERSION);
    JsonNode bundle = server.at("/packages/0");
    assertThat(bundle.path("registryType").asString()).isEqualTo("mcpb");
    assertThat(bundle.path("identifier").asString())
        .startsWith("https://")
        .contains("mcp")
        .endsWith(made(".mcpb").getFileName().toString());
    assertThat(bundle.at("/transport/type").asString()).isEqualTo("stdio");
    assertThat(bundle.path("fileSha256").asString()).isEqualTo(sha256(made(".mcpb")));
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = new byte[1 << 16];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        digest.update(block, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Path made(String ending) throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      Optional<Path> found =
          files
              .filter(file -> file.getFileName().toString().startsWith("qwen-mcp-" + VERSION + "-"))
              .filter(file -> file.toString().endsWith(ending))
              .findFirst();
      return found.orElseThrow(
          () -> new AssertionError("no " + ending + " in " + TARGET + "; mvn package makes it"));
    }
  }

  private static String program() {
    return installed.resolve("bin/qwen-mcp").toString();
  }

  /** Runs a command with nothing in its environment but what is given and the system's programs. */
  private static Run run(Map<String, String> environment, String input, String... command)
      throws Exception {
    List<String> words = new ArrayList<>(List.of(command));
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), out, Files.readString(err));
  }
}
