package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class SettingsTest {
  @TempDir private Path folder;

  @Test
  void aFlagWinsOverTheEnvironmentThatOverTheFileThatOverTheDefault() throws Exception {
    Path file = file("slots: 5\nqueue: 6\nthreads: 7\n");
    Map<String, String> environment = Map.of("QWEN_MCP_SLOTS", "8", "QWEN_MCP_QUEUE", "9");
    Settings settings = Settings.of(new String[0], environment, file);

    CommandLine serve = Main.command(ServeCommand.class, settings);
    serve.parseArgs("--slots", "10");

    assertThat(value(serve, "--slots")).isEqualTo(10);
    assertThat(value(serve, "--queue")).isEqualTo(9);
    assertThat(value(serve, "--threads")).isEqualTo(7);
    assertThat(value(serve, "--context")).isEqualTo(0);
  }

  @Test
  void takesSeveralValuesFromAListAndFromAVariable() throws Exception {
    Path file = file("model: [one, two]\n");
    Map<String, String> environment =
        Map.of("QWEN_MCP_ALLOW_ROOTS", "/a" + File.pathSeparator + "/b c");

    CommandLine serve =
        Main.command(ServeCommand.class, Settings.of(new String[0], environment, file));
    serve.parseArgs();

    assertThat(value(serve, "--model")).isEqualTo(List.of("one", "two"));
    assertThat(value(serve, "--allow-root")).isEqualTo(List.of(Path.of("/a"), Path.of("/b c")));
    serve.parseArgs("--model", "three");
    assertThat(value(serve, "--model")).isEqualTo(List.of("three"));
  }

  /** Otherwise a list of the file would become one value. */
  @Test
  void everyOptionThatMayBeRepeatedCanTakeAList() {
    CommandLine serve = new CommandLine(ServeCommand.class);

    assertThat(Settings.settable(serve.getCommandSpec()))
        .filteredOn(OptionSpec::isMultiValue)
        .isNotEmpty()
        .allSatisfy(option ->
            assertThat(option.splitRegex()).as(option.longestName()).isEqualTo(Settings.SEPARATOR));
  }

  /** A flag that is given where a setting says so already would otherwise turn it off. */
  @Test
  void aFlagMeansTheSameWhereItIsSetAlready() {
    CommandLine plain = new CommandLine(ServeCommand.class);
    List<OptionSpec> flags =
        Settings.settable(plain.getCommandSpec()).stream()
            .filter(option -> option.type() == boolean.class)
            .toList();
    assertThat(flags).isNotEmpty();
    for (OptionSpec flag : flags) {
      Map<String, String> environment = Map.of(Settings.variable(flag), "true");
      CommandLine serve =
          Main.command(
              ServeCommand.class, Settings.of(new String[0], environment, folder.resolve("none")));
      serve.parseArgs();
      assertThat(value(serve, flag.longestName())).isEqualTo(true);
      serve.parseArgs(flag.longestName());
      assertThat(value(serve, flag.longestName())).as(flag.longestName()).isEqualTo(true);
    }
  }

  @Test
  void setsTheSameOptionsOfOtherCommandsAndNoOthers() throws Exception {
    Settings settings =
        Settings.of(new String[0], Map.of("QWEN_MCP_MODEL", "big"), file("threads: 3\n"));
    CommandLine doctor = Main.command(DoctorCommand.class, settings);
    doctor.parseArgs();

    assertThat(value(doctor, "--threads")).isEqualTo(3);
    assertThat(value(doctor, "--model")).isNull();
  }

  @Test
  void anEmptyVariableSetsNothingAndNamesNoFile() throws Exception {
    Settings settings =
        Settings.of(
            new String[0],
            Map.of("QWEN_MCP_CONFIG", "", "QWEN_MCP_MODEL", ""),
            file("threads: 3\n"));
    CommandLine serve = Main.command(ServeCommand.class, settings);
    serve.parseArgs();

    assertThat(settings.file()).isEmpty();
    assertThat(value(serve, "--threads")).isEqualTo(0);
    assertThat(value(serve, "--model")).isEqualTo(List.of());
  }

  @Test
  void showsEachValueAndWhereItComesFrom() throws Exception {
    Path file = file("threads: 3\nlog: info\n");

    CommandRun run = CommandRun.of("config", "--config", file.toString(), "--slots", "2");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("settings file: " + file)
        .containsPattern("threads +3 +" + file)
        .containsPattern("slots +2 +command line")
        .containsPattern("queue +64 +default \\(\\$QWEN_MCP_QUEUE\\)")
        .containsPattern("data-dir .*QWEN_MCP_DATA\\)");
  }

  @Test
  void checksAFile() throws Exception {
    CommandRun right = CommandRun.of("config", "--check", "--config=" + file("threads: 3\n"));
    assertThat(right.status()).as(right.err()).isZero();
    assertThat(right.out()).isEmpty();

    CommandRun unknown = CommandRun.of("config", "--check", "--config=" + file("treads: 3\n"));
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err().lines())
        .singleElement()
        .asString()
        .contains("config.yaml", "treads", "did you mean threads?");

    Path wrong = file("threads: many\n");
    CommandRun many = CommandRun.of("serve", "--config", wrong.toString());
    assertThat(many.status()).isEqualTo(2);
    assertThat(many.err()).contains("--threads", "many", "(from " + wrong + ")");
  }

  @Test
  void anUnknownWordForTheLogIsRefusedWithThoseThatAreKnown() throws Exception {
    Settings variable =
        Settings.of(new String[0], Map.of("QWEN_MCP_LOG", "verbose"), folder.resolve("none"));
    assertThatThrownBy(variable::log)
        .hasMessageContaining("$QWEN_MCP_LOG")
        .hasMessageContaining("ERROR, WARN, INFO, DEBUG, TRACE")
        .hasMessageContaining("verbose");
    assertThat(
            Settings.of(new String[0], Map.of("QWEN_MCP_LOG", "info"), folder.resolve("none"))
                .log()
                .orElseThrow()
                .texts())
        .containsExactly("info");

    Path wrong = file("log: loud\n");
    CommandRun run = CommandRun.of("serve", "--config", wrong.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(wrong.toString(), "WARN, INFO", "loud");
  }

  @Test
  void namesVariablesThatAreNoSettings() {
    Settings settings =
        Settings.of(
            new String[0],
            Map.of("QWEN_MCP_SLOT", "1", "QWEN_MCP_LOG", "INFO", "QWEN_MCP_SLOTS", "1"),
            folder.resolve("none"));

    assertThat(settings.strangeVariables()).containsExactly("QWEN_MCP_SLOT");
  }

  private static Object value(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option).getValue();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), text);
  }
}
