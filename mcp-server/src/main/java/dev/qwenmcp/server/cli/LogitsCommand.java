package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp logits MODEL}: what the model expects after every token, to compare engines. */
@Command(
    name = "logits",
    description = {
      "Write the logits of every position to a file, to compare engines.",
      "The file holds little-endian float32 (positions, vocabulary). Standard output gets one line"
          + " of JSON: tokens, vocab, and greedy, the ids of the likeliest continuation, which"
          + " goes on past an end-of-turn token."
    })
final class LogitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "IDS",
      description = "Token ids, separated by commas or spaces.")
  private String tokens;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the logits go.")
  private Path out;

  @Option(
      names = "--greedy",
      paramLabel = "N",
      defaultValue = "0",
      description = "Continue by N tokens, always the likeliest (default: ${DEFAULT-VALUE}).")
  private int greedy;

  @Mixin private ModelFlags models;
  @Mixin private EngineFlags engineFlags;

  @Override
  public Integer call() throws IOException, ModelException, CliException {
    int[] ids = ids();
    if (greedy < 0) {
      throw new ParameterException(spec.commandLine(), "--greedy takes a number of at least 0");
    }
    try (Engine engine =
            Engine.open(models.catalog().resolve(model).open(), engineFlags.options());
        Session session = engine.newSession(SessionOptions.UNCACHED)) {
      float[] last = new float[engine.vocabulary()];
      try (LogitsFile file = new LogitsFile(out, engine.vocabulary())) {
        session.appendWithLogits(
            ids,
            (_, logits) -> {
              file.write(logits);
              System.arraycopy(logits, 0, last, 0, last.length);
            });
        file.commit();
      }
      List<Integer> continuation = continuation(session, last);
      spec.commandLine()
          .getOut()
          .printf(
              "{\"tokens\": %s, \"vocab\": %d, \"greedy\": %s}%n",
              Arrays.toString(ids), engine.vocabulary(), continuation);
    }
    return 0;
  }

  /** The likeliest tokens one after another; {@code logits} (vocabulary) is overwritten. */
  private List<Integer> continuation(Session session, float[] logits) {
    List<Integer> drawn = new ArrayList<>();
    while (drawn.size() < greedy) {
      int best = 0;
      for (int i = 1; i < logits.length; i++) {
        if (logits[i] > logits[best]) {
          best = i;
        }
      }
      drawn.add(best);
      if (drawn.size() < greedy) {
        session.appendWithLogits(
            new int[] {best}, (_, next) -> System.arraycopy(next, 0, logits, 0, next.length));
      }
    }
    return drawn;
  }

  private int[] ids() {
    try {
      int[] ids =
          Arrays.stream(tokens.strip().split("[,\\s]+"))
              .filter(id -> !id.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      if (ids.length == 0) {
        throw new ParameterException(spec.commandLine(), "--tokens needs at least one id");
      }
      return ids;
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--tokens takes ids such as 1,2,3; not a number: " + e.getMessage(),
          e);
    }
  }
}
