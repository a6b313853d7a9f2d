package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures work that copies from its prompt, with lookup drafting on and off in turns. The
 * continuation is forced token by token, so both do the same work and any model will do; only how
 * many tokens a pass yields differs.
 */
final class CopyingBench {
  private final Bench.Model model;
  private final Bench.Settings settings;
  private final int threads;
  private final int repetitions;
  private final Consumer<String> progress;

  CopyingBench(
      Bench.Model model,
      Bench.Settings settings,
      int threads,
      int repetitions,
      Consumer<String> progress) {
    this.model = model;
    this.settings = settings;
    this.threads = threads;
    this.repetitions = repetitions;
    this.progress = progress;
  }

  List<CopyingMeasurement> run() throws IOException {
    List<CopyingMeasurement> rows = new ArrayList<>();
    try (Engine plain = Engine.open(model.open(), settings.options(threads, Drafting.NONE));
        Engine drafting = Engine.open(model.open(), settings.options(threads, Drafting.LOOKUP))) {
      for (CopyingText text : CopyingText.all(plain.tokenizer())) {
        progress.accept(threads + " threads, copying: " + text.name());
        rows.add(measure(text, plain, drafting));
      }
    }
    return rows;
  }

  private CopyingMeasurement measure(CopyingText text, Engine plain, Engine drafting) {
    List<Double> plainSpeeds = new ArrayList<>();
    List<Double> draftedSpeeds = new ArrayList<>();
    GenerationResult last = null;
    for (int run = 0; run <= repetitions; run++) {
      GenerationResult without = draw(text, plain);
      last = draw(text, drafting);
      if (run > 0) { // the first one warms up
        plainSpeeds.add(speed(without));
        draftedSpeeds.add(speed(last));
      }
    }
    return new CopyingMeasurement(
        threads,
        text.name(),
        text.copy().length,
        new Sample(plainSpeeds),
        new Sample(draftedSpeeds),
        last.guesses().made(),
        last.guesses().right());
  }

  private static GenerationResult draw(CopyingText text, Engine engine) {
    TokenConstraint constraint = new ForcedTokens(text.copy());
    if (!text.schema().isEmpty()) {
      constraint =
          new HeldTokens(
              text.copy(),
              JsonSchemaGrammar.compile(text.schema())
                  .over(TokenTrie.of(engine.tokenizer()))
                  .constraint());
    }
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      return OwnEngine.generate(session, text.prompt(), text.copy().length, constraint);
    }
  }

  /** The first token comes from the prompt's pass. */
  private static double speed(GenerationResult result) {
    return (result.tokens().size() - 1) / result.usage().generateSeconds();
  }
}
