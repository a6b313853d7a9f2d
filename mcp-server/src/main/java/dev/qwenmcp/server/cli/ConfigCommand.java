package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.settings.SettingsException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code qwen-mcp config}: what {@code serve} would run with, and who says so. */
@Command(
    name = "config",
    description = {
      "Show each setting of @|bold serve|@, its value and where that comes from.",
      "A flag of the command line wins over the environment, that over the settings file, that over"
          + " the default. Options of serve that follow are taken as its own."
    })
final class ConfigCommand implements Callable<Integer> {
  private static final String ROW = "%-20s %-44s %s%n";

  @Spec private CommandSpec spec;

  @Option(
      names = "--check",
      description = "Show only what is wrong; the exit status is 2 if anything is.")
  private boolean check;

  /** Options of serve. */
  @Unmatched private List<String> rest = new ArrayList<>();

  /** A row of the table. */
  private record Row(String key, String value, String origin) {}

  @Override
  public Integer call() throws SettingsException, CliException {
    Settings settings = (Settings) spec.commandLine().getDefaultValueProvider();
    CommandLine serve = Main.command(ServeCommand.class, settings);
    ParseResult parsed = serve.parseArgs(rest.toArray(String[]::new));
    List<String> strange = settings.strangeVariables();
    if (check && !strange.isEmpty()) {
      throw new CliException(
          "no setting is called %s; qwen-mcp config lists the variables that there are"
              .formatted(String.join(", ", strange)));
    }
    Optional<Settings.Value> log = settings.log();
    if (check) {
      return CommandLine.ExitCode.OK;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("settings file: " + settings.file().map(Object::toString).orElse("none"));
    out.printf(Locale.ROOT, ROW, "key", "value", "from");
    for (OptionSpec option : Settings.settable(serve.getCommandSpec())) {
      Row row = row(option, parsed, settings);
      out.printf(Locale.ROOT, ROW, row.key(), row.value(), row.origin());
    }
    out.printf(
        Locale.ROOT,
        ROW,
        Settings.LOG,
        log.map(value -> value.texts().getFirst()).orElse("WARN"),
        log.map(Settings.Value::origin).orElse(byDefault(Settings.LOG_VARIABLE)));
    strange.forEach(name -> out.println("note: no setting is called " + name));
    return CommandLine.ExitCode.OK;
  }

  private static Row row(OptionSpec option, ParseResult parsed, Settings settings)
      throws SettingsException {
    String key = Settings.key(option);
    if (parsed.hasMatchedOption(option.longestName())) {
      OptionSpec given = parsed.matchedOption(option.longestName());
      return new Row(key, shown(key, given.originalStringValues()), "command line");
    }
    return settings
        .value(option)
        .map(value -> new Row(key, shown(key, value.texts()), value.origin()))
        .orElseGet(() -> {
          String standard = option.defaultValue();
          boolean none = standard == null || standard.isEmpty() || standard.startsWith("${");
          return new Row(key, none ? "-" : standard, byDefault(Settings.variable(option)));
        });
  }

  private static String byDefault(String variable) {
    return "default ($" + variable + ")";
  }

  /** Secrets are not for the screen. */
  private static String shown(String key, List<String> values) {
    return key.matches("(.*-)?(password|secret|token)") ? "(hidden)" : String.join(", ", values);
  }
}
