package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.settings.SettingsException;
import dev.qwenmcp.server.settings.SettingsFile;
import java.io.File;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Values of options that the command line leaves out: from the environment, else from the settings
 * file, else what the option declares.
 *
 * <p>All options of {@code serve} can be set, for {@code serve} and wherever else the same option
 * is used.
 */
final class Settings implements IDefaultValueProvider {
  /** Between the values of an option that may be repeated; on no command line. */
  static final String SEPARATOR = "\u001F";

  /** Key of how much is logged, which is no option. */
  static final String LOG = "log";

  static final String LOG_VARIABLE = "QWEN_MCP_LOG";
  static final List<String> LOG_LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  static final String CONFIG = "--config";
  private static final String CONFIG_VARIABLE = "QWEN_MCP_CONFIG";
  private static final String PREFIX = "QWEN_MCP_";
  private static final Pattern NAMED = Pattern.compile("\\$\\{env:(\\w+)}");

  /**
   * A value and where it comes from.
   *
   * @param texts one, or several of an option that may be repeated
   * @param origin a variable with {@code $}, or the settings file
   */
  record Value(List<String> texts, String origin) {}

  private final Optional<Path> file;
  private final boolean chosen;
  private final Map<String, String> environment;
  private Map<AnnotatedElement, OptionSpec> options;
  private Map<String, List<String>> fromFile;

  private Settings(Optional<Path> file, boolean chosen, Map<String, String> environment) {
    this.file = file;
    this.chosen = chosen;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The settings for a command line; nothing is read yet.
   *
   * @param arguments may choose a file by {@code --config}
   * @param standard the file otherwise, unless {@code QWEN_MCP_CONFIG} names one, or none by being
   *     empty
   */
  static Settings of(String[] arguments, Map<String, String> environment, Path standard) {
    Optional<String> flag = Optional.empty();
    for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
      if (arguments[i].equals(CONFIG) && i + 1 < arguments.length) {
        flag = Optional.of(arguments[i + 1]);
      } else if (arguments[i].startsWith(CONFIG + "=")) {
        flag = Optional.of(arguments[i].substring(CONFIG.length() + 1));
      }
    }
    if (flag.isPresent()) {
      return new Settings(flag.map(Path::of), true, environment);
    }
    String variable = environment.get(CONFIG_VARIABLE);
    if (variable != null) {
      return new Settings(
          variable.isEmpty() ? Optional.empty() : Optional.of(Path.of(variable)),
          true,
          environment);
    }
    return new Settings(Optional.of(standard), false, environment);
  }

  /** The file that is read, if it exists or was asked for. */
  Optional<Path> file() {
    return file.filter(path -> chosen || Files.exists(path));
  }

  /** Whether there is anything that could set an option. */
  private boolean empty() {
    return file().isEmpty() && environment.keySet().stream().noneMatch(n -> n.startsWith(PREFIX));
  }

  /**
   * The value of an option, if anything sets it.
   *
   * @throws SettingsException if the settings file is wrong
   */
  synchronized Optional<Value> value(ArgSpec argument) throws SettingsException {
    if (empty() || !(argument instanceof OptionSpec option)) {
      return Optional.empty();
    }
    OptionSpec known = options().get(element(option));
    if (known == null) {
      return Optional.empty();
    }
    String name = variable(known);
    String variable = environment.getOrDefault(name, "");
    if (!variable.isEmpty()) {
      return Optional.of(
          new Value(
              known.isMultiValue()
                  ? Arrays.stream(variable.split(Pattern.quote(File.pathSeparator)))
                      .filter(text -> !text.isBlank())
                      .toList()
                  : List.of(variable),
              "$" + name));
    }
    List<String> texts = fromFile().get(key(known));
    if (texts != null && texts.size() > 1 && !known.isMultiValue()) {
      throw new SettingsException(file.orElseThrow(), key(known) + ": expected one value");
    }
    return Optional.ofNullable(texts).map(t -> new Value(t, file.orElseThrow().toString()));
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    try {
      return value(argument).map(value -> String.join(SEPARATOR, value.texts())).orElse(null);
    } catch (SettingsException e) {
      throw new ParameterException(argument.command().commandLine(), e.getMessage(), e);
    }
  }

  /**
   * How much is to be logged, if the environment or the file says so: one of {@link #LOG_LEVELS}.
   *
   * @throws SettingsException if it is none, or the settings file is wrong
   */
  synchronized Optional<Value> log() throws SettingsException {
    String variable = environment.getOrDefault(LOG_VARIABLE, "");
    Optional<Value> given =
        !variable.isEmpty()
            ? Optional.of(new Value(List.of(variable), "$" + LOG_VARIABLE))
            : file().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(fromFile().get(LOG))
                    .map(texts -> new Value(texts, file.orElseThrow().toString()));
    if (given.isPresent()) {
      List<String> texts = given.get().texts();
      if (texts.size() != 1 || !LOG_LEVELS.contains(texts.getFirst().toUpperCase(Locale.ROOT))) {
        throw new SettingsException(
            given.get().origin(),
            "how much is logged is one of %s, not %s"
                .formatted(String.join(", ", LOG_LEVELS), String.join(", ", texts)));
      }
    }
    return given;
  }

  /** Variables that look like settings but are none. */
  synchronized List<String> strangeVariables() {
    List<String> known =
        options().values().stream().map(Settings::variable).collect(Collectors.toList());
    known.addAll(OtherVariables.NAMES);
    return new TreeSet<>(environment.keySet())
        .stream().filter(n -> n.startsWith(PREFIX) && !known.contains(n)).toList();
  }

  private Map<String, List<String>> fromFile() throws SettingsException {
    if (fromFile == null) {
      TreeSet<String> keys = new TreeSet<>(List.of(LOG));
      options().values().forEach(option -> keys.add(key(option)));
      fromFile = file().isEmpty() ? Map.of() : SettingsFile.read(file.orElseThrow(), keys);
    }
    return fromFile;
  }

  private Map<AnnotatedElement, OptionSpec> options() {
    if (options == null) {
      options = new LinkedHashMap<>();
      for (OptionSpec option : settable(CommandSpec.forAnnotatedObject(ServeCommand.class))) {
        options.put(element(option), option);
      }
    }
    return options;
  }

  /** The options of {@code serve} that settings may set. */
  static List<OptionSpec> settable(CommandSpec serve) {
    return serve.options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.inherited())
        .filter(option -> element(option) != null)
        .toList();
  }

  private static AnnotatedElement element(OptionSpec option) {
    return option.userObject() instanceof AnnotatedElement element ? element : null;
  }

  /** The key in the settings file. */
  static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /** The variable of the environment: as the option declares, else by its name. */
  static String variable(OptionSpec option) {
    AnnotatedElement element = element(option);
    Option declared = element == null ? null : element.getAnnotation(Option.class);
    Matcher named = NAMED.matcher(declared == null ? "" : declared.defaultValue());
    return named.matches()
        ? named.group(1)
        : PREFIX + key(option).toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
