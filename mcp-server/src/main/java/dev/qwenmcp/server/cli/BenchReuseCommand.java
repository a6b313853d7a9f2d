package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.RandomTokens;
import dev.qwenmcp.server.bench.peer.PeerFolder;
import dev.qwenmcp.server.bench.peer.PeerLoad;
import dev.qwenmcp.server.bench.reuse.PromptReader;
import dev.qwenmcp.server.bench.reuse.ReuseBench;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp bench-reuse MODEL}: what several tools on one document read again. */
@Command(
    name = "bench-reuse",
    description = {
      "Measure how much of a document is read again when several tools work on it.",
      "A server of its own is asked over standard input and output: three tools in one context, two"
          + " documents in turns, five forks, and a restart. Standard output gets Markdown: tokens"
          + " of the prompt that were found and computed, and seconds to the first token, beside"
          + " goals.",
      "With --peer, llama.cpp reads prompts of the same lengths after that, with its own ways to"
          + " keep them: one slot, its server's cache of prompts in memory, and states that are"
          + " saved and loaded by hand."
    })
final class BenchReuseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Path of a GGUF file.")
  private Path model;

  @Option(
      names = "--document-tokens",
      paramLabel = "TOKENS",
      defaultValue = "4000",
      description = "Length of each document (default: ${DEFAULT-VALUE}).")
  private int documentTokens;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "1",
      description = "How often everything is done, with new documents (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Compute threads (default: one a core).")
  private int threads;

  @Option(
      names = "--peer",
      paramLabel = "DIR",
      description = "Folder with llama.cpp's shared libraries to compare with.")
  private Path peer;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "Where the server keeps its data; it is removed again (default: a temporary folder).")
  private Path parent;

  @Mixin private ModelFlags models;

  @Override
  public Integer call() throws IOException, ModelException, BenchException {
    if (documentTokens < 1 || repetitions < 1 || threads < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--document-tokens and --repetitions are at least 1, --threads at least 0");
    }
    if (!Files.isRegularFile(model)) {
      throw new ParameterException(spec.commandLine(), "MODEL is the path of a file, not " + model);
    }
    PrintWriter err = spec.commandLine().getErr();
    try (TemporaryFolder folder = TemporaryFolder.in(parent);
        GgufFile file = models.catalog().resolve(model.toString()).open()) {
      BpeTokenizer tokenizer = BpeTokenizer.of(file.metadata());
      List<String> server = server(folder.path());
      new ReuseBench(
              new ReuseBench.Settings(
                  model.getFileName().toString(), tokenizer, documentTokens, repetitions),
              () -> SpawnedToolServer.start(server),
              peer(tokenizer),
              work -> err.println("measuring " + work))
          .run()
          .write(spec.commandLine().getOut());
    }
    return 0;
  }

  private List<String> server(Path data) {
    List<String> words = new ArrayList<>(ServerCommandLine.words());
    words.addAll(List.of("--model", model.toString(), "--data-dir", data.toString()));
    words.addAll(List.of("--threads", Integer.toString(threads)));
    return words;
  }

  private Optional<PromptReader.Source> peer(BpeTokenizer tokenizer) throws BenchException {
    if (peer == null) {
      return Optional.empty();
    }
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    int vocabulary = RandomTokens.of(tokenizer).vocabulary();
    return Optional.of(
        PeerFolder.of(peer).reader(new PeerLoad(model, count, 0, vocabulary), SelfCommand.child()));
  }
}
