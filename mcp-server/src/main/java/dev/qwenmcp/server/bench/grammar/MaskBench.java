package dev.qwenmcp.server.bench.grammar;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.engine.grammar.schema.JsonLayout;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Schemas with instances, as maskbench has them: each instance is followed token by token, and
 * every mask on the way is timed. The clock runs while logits are masked, so for what a generation
 * waits for.
 */
public final class MaskBench {
  private final BpeTokenizer tokenizer;
  private final TokenTrie vocabulary;
  private final float[] logits;

  public MaskBench(BpeTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.vocabulary = TokenTrie.of(tokenizer);
    this.logits = new float[tokenizer.size()];
  }

  /**
   * What was found.
   *
   * @param schemas how many
   * @param refused of these, not compiled: each with a reason
   * @param passing of all, compiled and right about every instance
   * @param valid instances of compiled schemas that are valid
   * @param validRejected of these, not allowed
   * @param invalid instances of compiled schemas that are not
   * @param invalidAccepted of these, allowed
   * @param failures schemas that anything else went wrong with
   * @param masks times of masks
   * @param compilations times until a schema was compiled
   * @param firstMasks times from there until the first mask
   */
  public record Report(
      int schemas,
      List<String> refused,
      int passing,
      int valid,
      List<String> validRejected,
      int invalid,
      List<String> invalidAccepted,
      List<String> failures,
      Times masks,
      Times compilations,
      Times firstMasks) {

    static Report empty() {
      return new Report(
          0,
          new ArrayList<>(),
          0,
          0,
          new ArrayList<>(),
          0,
          new ArrayList<>(),
          new ArrayList<>(),
          new Times(),
          new Times(),
          new Times());
    }

    private Report plus(int passed, int valids, int invalids) {
      return new Report(
          schemas + 1,
          refused,
          passing + passed,
          valid + valids,
          validRejected,
          invalid + invalids,
          invalidAccepted,
          failures,
          masks,
          compilations,
          firstMasks);
    }
  }

  /**
   * Runs all files.
   *
   * @param files each {@code {"schema": …, "tests": [{"valid": …, "data": …}]}}
   * @param warmUp how many of them are run before for nothing, so that the code is compiled
   */
  public Report run(List<Path> files, int warmUp) throws IOException {
    Report unused = Report.empty();
    for (Path file : files.subList(0, Math.min(warmUp, files.size()))) {
      unused = add(file, unused);
    }
    Report report = Report.empty();
    for (Path file : files) {
      report = add(file, report);
    }
    return report;
  }

  private Report add(Path file, Report report) throws IOException {
    String name = file.getFileName().toString();
    try {
      JsonValue.Obj content = (JsonValue.Obj) JsonReader.read(Files.readString(file));
      return judge(name, content, report);
    } catch (RuntimeException | StackOverflowError e) {
      report.failures.add(name + ": " + e);
      return report.plus(0, 0, 0);
    }
  }

  private Report judge(String name, JsonValue.Obj content, Report report) {
    Grammar grammar;
    long start = System.nanoTime();
    try {
      grammar =
          JsonSchemaGrammar.compile(content.get("schema"), JsonLayout.ONE_LINE, MemberOrder.ANY);
    } catch (GrammarException e) {
      report.refused.add(name + ": " + e.getMessage());
      return report.plus(0, 0, 0);
    }
    long compiled = System.nanoTime();
    report.compilations.add(compiled - start);
    TokenGrammar over = grammar.over(vocabulary);
    over.constraint(tokenizer.eos()).mask(logits);
    report.firstMasks.add(System.nanoTime() - compiled);
    int valid = 0;
    int invalid = 0;
    boolean right = true;
    for (JsonValue value : ((JsonValue.Array) content.get("tests")).values()) {
      JsonValue.Obj test = (JsonValue.Obj) value;
      boolean accepted = follows(over, line(test.get("data")), report.masks);
      if (test.get("valid").equals(JsonValue.TRUE)) {
        valid++;
        right &= accepted;
        if (!accepted) {
          report.validRejected.add(name + ": " + test.get("data"));
        }
      } else {
        invalid++;
        right &= !accepted;
        if (accepted) {
          report.invalidAccepted.add(name + ": " + test.get("data"));
        }
      }
    }
    return report.plus(right ? 1 : 0, valid, invalid);
  }

  private boolean follows(TokenGrammar grammar, String text, Times masks) {
    TokenConstraint constraint = grammar.constraint(tokenizer.eos());
    for (int token : tokenizer.encode(text)) {
      if (constraint.finished()) {
        return false;
      }
      logits[token] = 0;
      long start = System.nanoTime();
      constraint.mask(logits);
      masks.add(System.nanoTime() - start);
      if (logits[token] == Float.NEGATIVE_INFINITY) {
        return false;
      }
      constraint.accept(token);
    }
    return constraint.complete();
  }

  /** JSON on one line with a space after commas and colons. */
  static String line(JsonValue value) {
    return switch (value) {
      case JsonValue.Array(var values) -> {
        StringJoiner out = new StringJoiner(", ", "[", "]");
        values.forEach(item -> out.add(line(item)));
        yield out.toString();
      }
      case JsonValue.Obj object -> {
        StringJoiner out = new StringJoiner(", ", "{", "}");
        object
            .members()
            .forEach((name, member) -> out.add(new JsonValue.Text(name) + ": " + line(member)));
        yield out.toString();
      }
      default -> value.toString();
    };
  }
}
