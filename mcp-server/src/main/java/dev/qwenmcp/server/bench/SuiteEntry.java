package dev.qwenmcp.server.bench;

import dev.qwenmcp.server.bench.Workload.Generation;
import dev.qwenmcp.server.bench.Workload.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of the suite, with what is measured on it and how many times the peer's speed is aimed
 * at.
 *
 * @param shape as {@code synth} names it
 * @param type as {@code synth} names it
 * @param goals ratio aimed at by workload, in the order of measuring; 0 for none
 */
public record SuiteEntry(String shape, String type, Map<Workload, Double> goals) {
  /** The shape whose prompts are compared with those of {@link #ACTIVE}. */
  static final String MIXTURE = "qwen3-30b-a3b";

  /** A dense model of as many weights as the mixture uses for a token. */
  static final String ACTIVE = "qwen3-30b-active";

  private static final int PROMPT = 512;
  private static final int STEPS = 64;
  private static final int DEPTH = 4096;

  /** Name of its file in the suite's folder. */
  public String fileName() {
    return shape + "-" + type + ".gguf";
  }

  /** The command that writes it. */
  String synth() {
    return "qwen-mcp synth " + shape + " " + type + " " + fileName();
  }

  /** All models. */
  public static List<SuiteEntry> all() {
    return List.of(
        new SuiteEntry("moe-mid", "Q4_K_M", mixture()),
        new SuiteEntry("moe-mid", "Q8_0", mixture()),
        new SuiteEntry("qwen3-0.6b", "Q4_K_M", shallow(2.5, 1.0)),
        new SuiteEntry("qwen3-0.6b", "Q8_0", shallow(2.5, 1.0)),
        new SuiteEntry(MIXTURE, "Q4_K_M", shallow(3.0, 1.0)),
        new SuiteEntry(ACTIVE, "Q4_K_M", Map.of(new Prompt(PROMPT, 0), 0.0)));
  }

  private static Map<Workload, Double> mixture() {
    Map<Workload, Double> goals = shallow(3.0, 1.05);
    goals.put(new Prompt(PROMPT, DEPTH), 3.0);
    goals.put(new Generation(STEPS, DEPTH, 1), 2.0);
    return goals;
  }

  private static Map<Workload, Double> shallow(double prompt, double generation) {
    Map<Workload, Double> goals = new LinkedHashMap<>();
    goals.put(new Prompt(PROMPT, 0), prompt);
    goals.put(new Generation(STEPS, 0, 1), generation);
    return goals;
  }
}
