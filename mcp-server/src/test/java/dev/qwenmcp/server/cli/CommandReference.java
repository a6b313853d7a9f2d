package dev.qwenmcp.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The command line as a page in Markdown, from what {@code --help} prints of each command. */
final class CommandReference {
  /** Every command has these. */
  private static final Set<String> COMMON = Set.of("--help", "--version", "--verbose", "--config");

  private CommandReference() {}

  static String markdown() {
    CommandLine program =
        Main.commandLine(
            Settings.of(new String[0], Map.of(), Path.of("none")),
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()));
    StringBuilder page =
        new StringBuilder(
            """
            # Command line

            Made from what `--help` prints; a test fails when they differ \
            ([how to make it anew](../../CONTRIBUTING.md#tests)). A model is the path of a GGUF file, a name from \
            `--models-dir` (or `$QWEN_MCP_MODELS`), or one that was pulled; where it is left out, the embedded one \
            answers. Exit status: 0 success, 1 failure, 2 wrong command line; messages go to standard error. Options \
            of `serve` can be given in a file or the environment too: [configuration.md](configuration.md).

            """);
    List<CommandLine> commands = shown(program).toList();
    page.append("| command | what it does |\n|---|---|\n");
    for (CommandLine command : commands) {
      String name = command.getCommandName();
      page.append("| [`%1$s`](#%1$s) | %2$s |\n".formatted(name, summary(command)));
    }
    page.append("\n## Every command\n\n");
    options(page, program.getCommandSpec(), COMMON, true);
    commands.forEach(command -> section(page, "## ", command, command.getCommandName()));
    return page.toString();
  }

  private static Stream<CommandLine> shown(CommandLine parent) {
    return parent.getSubcommands().values().stream()
        .distinct()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden());
  }

  private static void section(
      StringBuilder page, String heading, CommandLine command, String name) {
    CommandSpec spec = command.getCommandSpec();
    page.append('\n').append(heading).append(name).append("\n\n");
    page.append(plain(String.join(" ", spec.usageMessage().description()))).append("\n\n");
    String positional =
        spec.positionalParameters().stream()
            .map(parameter -> parameter.paramLabel())
            .collect(Collectors.joining(" "));
    List<CommandLine> below = shown(command).toList();
    String rest = below.isEmpty() ? positional : "COMMAND";
    page.append("`qwen-mcp %s`\n\n".formatted((name + " " + rest).strip()));
    options(page, spec, COMMON, false);
    for (CommandLine one : below) {
      section(page, "### ", one, name + " " + one.getCommandName());
    }
  }

  /** A table of parameters and of the options that are, or are not, among those named. */
  private static void options(
      StringBuilder page, CommandSpec spec, Set<String> named, boolean among) {
    List<OptionSpec> options =
        spec.options().stream()
            .filter(option -> !option.hidden() && named.contains(option.longestName()) == among)
            .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
            .toList();
    if (options.isEmpty() && (among || spec.positionalParameters().isEmpty())) {
      return;
    }
    page.append("| argument | meaning |\n|---|---|\n");
    if (!among) {
      for (PositionalParamSpec parameter : spec.positionalParameters()) {
        row(page, parameter.paramLabel(), parameter);
      }
    }
    for (OptionSpec option : options) {
      String names = String.join(", ", option.names());
      String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
      row(page, names + value, option);
    }
  }

  private static void row(StringBuilder page, String name, ArgSpec argument) {
    String text =
        String.join(" ", argument.description())
            .replace("${DEFAULT-VALUE}", argument.defaultValueString(true))
            .replace("%n", " ");
    page.append("| `%s` | %s |\n".formatted(name, plain(text)));
  }

  private static String summary(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    return plain(description.length == 0 ? "" : description[0]);
  }

  private static String plain(String text) {
    return Ansi.OFF.string(text).strip().replace("|", "\\|").replace("*", "\\*");
  }
}
