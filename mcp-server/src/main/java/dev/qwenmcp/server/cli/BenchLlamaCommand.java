package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.peer.LlamaRequests;
import dev.qwenmcp.server.bench.peer.PeerLoad;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code bench --peer} starts: llama.cpp's libraries, timed as standard input asks. */
@Command(
    name = LlamaRequests.COMMAND,
    hidden = true,
    description = "Time llama.cpp's libraries until standard input ends.")
final class BenchLlamaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder with the libraries.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "MODEL", description = "The GGUF file.")
  private Path model;

  @Parameters(index = "2", paramLabel = "THREADS", description = "Compute threads.")
  private int threads;

  @Parameters(index = "3", paramLabel = "TOKENS", description = "Longest sequence.")
  private int contextTokens;

  @Parameters(index = "4", paramLabel = "IDS", description = "Token ids are below it.")
  private int vocabulary;

  @Override
  public Integer call() throws IOException {
    LlamaRequests.serve(
        folder,
        new PeerLoad(model, threads, contextTokens, vocabulary),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        spec.commandLine().getOut());
    return 0;
  }
}
