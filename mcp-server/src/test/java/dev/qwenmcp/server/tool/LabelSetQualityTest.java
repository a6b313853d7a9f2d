package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A part of CLINC150 by ten examples a label: all of it takes a minute, which {@code qwen-mcp
 * bench-understand} takes.
 */
class LabelSetQualityTest {
  private static final int SHOTS = 10;
  private static final int EVERY = 10;

  private final Workbench bench = new Workbench();

  @Test
  void clinc150ByTenExamplesALabel() throws Exception {
    JsonNode data =
        JsonMapper.shared().readTree(SharedData.require("data/clinc150/train_val.json").toFile());
    Map<String, Integer> seen = new HashMap<>();
    List<LabelSetTool.Example> examples = new ArrayList<>();
    for (JsonNode pair : data.get("train")) {
      // Neighbours in the file are of one writer and much alike: every tenth of a label's hundred.
      if (seen.merge(pair.get(1).asString(), 1, Integer::sum) % SHOTS == 0) {
        examples.add(new LabelSetTool.Example(pair.get(0).asString(), pair.get(1).asString()));
      }
    }
    bench.labelSet.call(
        new LabelSetTool.Arguments(
            LabelSetTool.Action.ADD, "c", null, null, null, examples, null, null, null, null, null),
        bench.call);
    double inScope = share(data.get("val"), EVERY, true);
    double turnedAway = share(data.get("oos_val"), 1, false);
    System.out.printf(
        "CLINC150, %d examples a label: %.3f right, %.2f turned away%n",
        SHOTS, inScope, turnedAway);
    assertThat(inScope).isGreaterThan(0.85);
    assertThat(turnedAway).isGreaterThan(0.6);
  }

  private double share(JsonNode pairs, int every, boolean inScope) throws Exception {
    int asked = 0;
    int good = 0;
    for (int i = 0; i < pairs.size(); i += every) {
      Task task = Task.bySet(pairs.get(i).get(0).asString(), "c");
      task.timeBudgetSeconds = 600;
      Understand.Result result = bench.understand.call(task.arguments(), bench.call);
      String label = pairs.get(i).get(1).asString();
      good += inScope ? label.equals(result.label()) ? 1 : 0 : result.noneFits() ? 1 : 0;
      asked++;
    }
    return good / (double) asked;
  }
}
