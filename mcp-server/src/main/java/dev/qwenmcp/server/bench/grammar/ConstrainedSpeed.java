package dev.qwenmcp.server.bench.grammar;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.bench.ForcedTokens;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How much slower tokens are written under a schema: the same tokens with masks and without, in
 * alternation. What is known of the grammar is forgotten before each run.
 */
public final class ConstrainedSpeed {
  private static final String SCHEMA =
      """
      {"type": "array", "minItems": 200, "items": {"type": "object", "properties": {
        "id": {"type": "integer", "minimum": 1, "maximum": 99999},
        "name": {"type": "string", "maxLength": 24},
        "kind": {"enum": ["person", "place", "thing"]},
        "price": {"type": "number", "minimum": 0, "maximum": 1000},
        "date": {"type": "string", "format": "date"},
        "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "pattern": "^[a-z]{2,8}$"}},
        "note": {"anyOf": [{"type": "string", "maxLength": 40}, {"type": "null"}]}},
        "required": ["id", "name", "kind", "price", "date", "tags", "note"],
        "additionalProperties": false}}\
      """;

  private final Engine engine;
  private final TokenTrie vocabulary;
  private final int tokens;
  private final int[] prompt;

  /**
   * @param engine without guesses, so that every token takes a pass
   * @param tokens how many a run writes
   */
  public ConstrainedSpeed(Engine engine, int tokens) {
    this.engine = engine;
    this.vocabulary = TokenTrie.of(engine.tokenizer());
    this.tokens = tokens;
    this.prompt = engine.tokenizer().encode("A list of things, as JSON:\n");
  }

  /**
   * Medians.
   *
   * @param free tokens a second without a constraint
   * @param constrained tokens a second of the same tokens under the schema
   * @param tokens that a run wrote
   */
  public record Result(double free, double constrained, int tokens) {
    /** The part of the time that the constraint took. */
    public double cost() {
      return 1 - constrained / free;
    }
  }

  /** Measures both, after one run of each to warm up. */
  public Result run(int repetitions) {
    int[] drawn = drawn();
    double[] free = new double[repetitions];
    double[] constrained = new double[repetitions];
    speed(new ForcedTokens(drawn));
    speed(new Masked(fresh(), drawn));
    for (int i = 0; i < repetitions; i++) {
      // Each goes first as often as the other.
      if (i % 2 == 0) {
        free[i] = speed(new ForcedTokens(drawn));
        constrained[i] = speed(new Masked(fresh(), drawn));
      } else {
        constrained[i] = speed(new Masked(fresh(), drawn));
        free[i] = speed(new ForcedTokens(drawn));
      }
    }
    return new Result(median(free), median(constrained), drawn.length);
  }

  /**
   * As it is used: forced text is not computed, and guesses are verified if the engine makes any.
   *
   * @param speed tokens a second, median
   * @param forced of the tokens, those that no step was needed for
   * @param tokens that a run wrote
   */
  public record Used(double speed, int forced, int tokens) {}

  /** Measures one generation as callers get it, after one to warm up. */
  public Used used(int repetitions) {
    double[] speeds = new double[repetitions];
    GenerationResult result = generate(fresh());
    for (int i = 0; i < repetitions; i++) {
      result = generate(fresh());
      speeds[i] = result.tokens().size() / result.usage().generateSeconds();
    }
    return new Used(median(speeds), result.forcedTokens(), result.tokens().size());
  }

  /** The tokens that the model writes under the schema, drawn one by one. */
  private int[] drawn() {
    return generate(new Stepwise(fresh())).tokens().stream().mapToInt(Integer::intValue).toArray();
  }

  private TokenConstraint fresh() {
    Grammar grammar = JsonSchemaGrammar.compile(SCHEMA, MemberOrder.ANY);
    return grammar.over(vocabulary).constraint(engine.tokenizer().eos());
  }

  private double speed(TokenConstraint constraint) {
    GenerationResult result = generate(constraint);
    return (result.tokens().size() - 1) / result.usage().generateSeconds();
  }

  private GenerationResult generate(TokenConstraint constraint) {
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      return session.generate(
          new GenerationRequest(
              prompt, SamplerSettings.GREEDY, tokens, Duration.ofHours(1), List.of(), constraint),
          TokenListener.NONE,
          new Cancellation());
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** A constraint without hints, so that every token is drawn. */
  private record Stepwise(TokenConstraint grammar) implements TokenConstraint {
    @Override
    public void mask(float[] logits) {
      grammar.mask(logits);
    }

    @Override
    public void accept(int token) {
      grammar.accept(token);
    }

    @Override
    public boolean complete() {
      return grammar.complete();
    }

    @Override
    public boolean finished() {
      return grammar.finished();
    }
  }

  /** Masks as a grammar does, then lets exactly the given tokens be drawn. */
  private static final class Masked implements TokenConstraint {
    private final TokenConstraint grammar;
    private final ForcedTokens forced;

    Masked(TokenConstraint grammar, int[] tokens) {
      this.grammar = grammar;
      this.forced = new ForcedTokens(tokens);
    }

    @Override
    public void mask(float[] logits) {
      grammar.mask(logits);
      forced.mask(logits);
    }

    @Override
    public void accept(int token) {
      grammar.accept(token);
      forced.accept(token);
    }

    @Override
    public boolean complete() {
      return forced.complete();
    }

    @Override
    public boolean finished() {
      return forced.finished();
    }
  }
}
