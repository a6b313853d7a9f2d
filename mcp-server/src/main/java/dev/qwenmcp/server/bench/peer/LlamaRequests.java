package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.RandomTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Runs in the child process: one workload a line, {@code prompt|generate TOKENS DEPTH FLASH}, each
 * answered by {@code ok SECONDS} or {@code error WHY}.
 */
public final class LlamaRequests {
  /** The hidden command that a child is started with. */
  public static final String COMMAND = "bench-llama";

  private final LlamaLibrary llama;
  private final RandomTokens ids;
  private final int threads;
  private final int contextTokens;
  private final LlamaContext[] contexts = new LlamaContext[2]; // without, with flash attention

  private LlamaRequests(LlamaLibrary llama, PeerLoad load) {
    this.llama = llama;
    this.ids = new RandomTokens(load.vocabulary());
    this.threads = load.threads();
    this.contextTokens = load.contextTokens();
  }

  /** Loads the model and answers until the input ends. */
  public static void serve(Path folder, PeerLoad load, BufferedReader in, PrintWriter out)
      throws IOException {
    try {
      if (!(PeerFolder.of(folder) instanceof PeerFolder.Libraries libraries)) {
        throw new BenchException(folder + " holds no libraries");
      }
      LlamaLibrary llama = LlamaLibrary.load(libraries);
      llama.loadModel(load.model());
      out.println("ok loaded");
      new LlamaRequests(llama, load).serve(in, out);
    } catch (BenchException e) {
      out.println("error " + e.getMessage());
    }
  }

  private void serve(BufferedReader in, PrintWriter out) throws IOException, BenchException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      int tokens = Integer.parseInt(words[1]);
      int depth = Integer.parseInt(words[2]);
      LlamaContext context = context(Integer.parseInt(words[3]));
      context.keep(ids.depth(depth));
      double seconds =
          words[0].equals("prompt")
              ? promptSeconds(context, ids.prompt(tokens))
              : generationSeconds(context, ids.generation(tokens, 0));
      out.println("ok " + String.format(Locale.ROOT, "%.9f", seconds));
    }
  }

  private LlamaContext context(int flash) throws BenchException {
    if (contexts[flash] == null) {
      contexts[flash] = llama.newContext(contextTokens, threads, flash == 1);
    }
    return contexts[flash];
  }

  private static double promptSeconds(LlamaContext context, int[] prompt) throws BenchException {
    long start = System.nanoTime();
    context.decode(prompt);
    return (System.nanoTime() - start) * 1e-9;
  }

  private double generationSeconds(LlamaContext context, int[] tokens) throws BenchException {
    context.decode(ids.prompt(1));
    long start = System.nanoTime();
    for (int i = 0; i < tokens.length; i++) {
      context.decode(Arrays.copyOfRange(tokens, i, i + 1));
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
