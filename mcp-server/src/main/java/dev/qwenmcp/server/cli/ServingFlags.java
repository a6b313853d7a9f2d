package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.CacheOptions;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.batch.SchedulerOptions;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a server keeps of what models have read, and how many calls it works on. */
final class ServingFlags {
  /** Folder of keys and values in the data folder. */
  private static final String FOLDER = "kv";

  /** Calls that need no model. */
  private static final int QUICK_CALLS = 64;

  /** Each waiting call has a thread. */
  private static final int MOST_CALLS = 1000;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--cache-memory",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      defaultValue = "0",
      description =
          "Memory for what each model has read, such as 4G (default: what weights leave, at most"
              + " half of what is available).")
  private ByteSize cacheMemory;

  @Option(
      names = "--cache-disk",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      defaultValue = "16G",
      description =
          "Disk space in the data folder for what models have read, which then outlives the server;"
              + " 0 for none (default: ${DEFAULT-VALUE}).")
  private ByteSize cacheDisk;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "4",
      description = "Calls that each model works on at a time (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Calls that may wait for these; more are answered as busy (default: ${DEFAULT-VALUE}).")
  private int queue;

  /**
   * Tool calls that a server takes at a time: those that run and wait for a model, so that one too
   * many hears from the model when to come again, and as many of the quick ones beside them.
   */
  int concurrentCalls() {
    return slots + queue + QUICK_CALLS;
  }

  /**
   * Options with these settings.
   *
   * @param dataFolder for what outlives the server
   */
  EngineOptions applyTo(EngineOptions options, Path dataFolder) {
    if (slots < 1 || queue < 0 || slots > MOST_CALLS || queue > MOST_CALLS) {
      throw new ParameterException(
          spec.commandLine(),
          "--slots takes a number from 1, --queue one from 0, both up to " + MOST_CALLS);
    }
    CacheOptions cache = CacheOptions.IN_MEMORY.withMemory(cacheMemory.bytes());
    if (cacheDisk.bytes() > 0) {
      cache = cache.withDirectory(dataFolder.resolve(FOLDER)).withDisk(cacheDisk.bytes());
    }
    return options.withCache(cache).withScheduling(new SchedulerOptions(slots, queue));
  }
}
