package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.kv.KvType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How models are run. */
final class EngineFlags {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Compute threads (default: one a core).")
  private int threads;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "0",
      description = "Longest sequence (default: the model's own limit, or what memory holds).")
  private int contextTokens;

  @Option(
      names = "--kv",
      paramLabel = "TYPE",
      defaultValue = "q8_0",
      description = "Storage of keys and values: f32, f16 or q8_0 (default: ${DEFAULT-VALUE}).")
  private KvType kvType;

  @Option(
      names = "--kernels",
      paramLabel = "KIND",
      defaultValue = "auto",
      description =
          "What computes: native, java, or auto for native where it loads (default:"
              + " ${DEFAULT-VALUE}).")
  private KernelChoice kernels;

  EngineOptions options() {
    if (threads < 0 || contextTokens < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--threads and --context take a positive number, or 0 for the default");
    }
    return new EngineOptions(
        kernels, threads, kvType, contextTokens, EngineOptions.DEFAULT.batchTokens());
  }
}
