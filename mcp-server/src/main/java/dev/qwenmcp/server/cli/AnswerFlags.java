package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How far an answer may go. */
final class AnswerFlags {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      defaultValue = "1024",
      description = "Most tokens of an answer, thinking included (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "Longest time for an answer (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Text that ends the answer and is cut from it; may be repeated.")
  private List<String> stopStrings = List.of();

  /** A request without a prompt. */
  GenerationRequest request(SamplerSettings sampling) {
    if (maxTokens < 1 || !(seconds > 0) || seconds > 1e6 || stopStrings.contains("")) {
      throw new ParameterException(
          spec.commandLine(),
          "--max-tokens and --time-limit take positive numbers, --stop a text that is not empty");
    }
    return new GenerationRequest(
        new int[0],
        sampling,
        maxTokens,
        Duration.ofNanos((long) (seconds * 1e9)),
        stopStrings,
        null);
  }
}
