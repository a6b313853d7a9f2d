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
 * Runs in the child process: one request a line, each answered by {@code ok} and its result, or
 * {@code error WHY} and the end. FLASH is 1 for flash attention, else 0.
 *
 * <ul>
 *   <li>{@code prompt|generate TOKENS DEPTH FLASH}: a workload; seconds
 *   <li>{@code read FLASH DOCUMENT TOKENS TASK TOKENS}: a prompt of the document's first tokens and
 *       the task's, with what is kept of earlier ones; seconds and tokens found
 *   <li>{@code save|load FLASH FILE}: what was read last; seconds
 * </ul>
 */
public final class LlamaRequests {
  /** The hidden command that a child is started with. */
  public static final String COMMAND = "bench-llama";

  // Seeds of tokens, above those of workloads.
  private static final long FIRST_DOCUMENT = 1L << 20;
  private static final long FIRST_TASK = 1L << 21;

  private final LlamaLibrary llama;
  private final RandomTokens ids;
  private final int threads;
  private final int contextTokens;
  private final LlamaContext[] contexts = new LlamaContext[2]; // without, with flash attention
  private final LlamaPromptCache[] caches = new LlamaPromptCache[2]; // the same

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
      String[] words = line.split(" ", 3);
      String result =
          switch (words[0]) {
            case "read" -> read(cache(Integer.parseInt(words[1])), words[2]);
            case "save" -> inWords(cache(Integer.parseInt(words[1])).save(Path.of(words[2])));
            case "load" -> inWords(cache(Integer.parseInt(words[1])).load(Path.of(words[2])));
            default -> inWords(workload(line.split(" ")));
          };
      out.println("ok " + result);
    }
  }

  private static String inWords(double seconds) {
    return String.format(Locale.ROOT, "%.9f", seconds);
  }

  private double workload(String[] words) throws BenchException {
    int tokens = Integer.parseInt(words[1]);
    int depth = Integer.parseInt(words[2]);
    LlamaContext context = context(Integer.parseInt(words[3]));
    context.keep(ids.depth(depth));
    return words[0].equals("prompt")
        ? promptSeconds(context, ids.prompt(tokens))
        : generationSeconds(context, ids.generation(tokens, 0));
  }

  private String read(LlamaPromptCache cache, String arguments) throws BenchException {
    int[] numbers = Arrays.stream(arguments.split(" ")).mapToInt(Integer::parseInt).toArray();
    int[] document = ids.first(numbers[1], FIRST_DOCUMENT + numbers[0]);
    int[] task = ids.first(numbers[3], FIRST_TASK + numbers[2]);
    int[] prompt = Arrays.copyOf(document, document.length + task.length);
    System.arraycopy(task, 0, prompt, document.length, task.length);
    LlamaPromptCache.Outcome outcome = cache.read(prompt);
    return inWords(outcome.seconds()) + " " + outcome.foundTokens();
  }

  private LlamaPromptCache cache(int flash) throws BenchException {
    if (caches[flash] == null) {
      caches[flash] = new LlamaPromptCache(context(flash));
    }
    return caches[flash];
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
