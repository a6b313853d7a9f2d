package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server is killed in the middle of a flow; the next one goes on, and repeats no finished step.
 */
class FlowCrashTest {
  private static final int ROUNDS = 40;

  @TempDir private Path folder;

  private static ObjectNode arguments() {
    return ServerProcess.object();
  }

  @Test
  void aFlowGoesOnAfterAKillAndRunsNoFinishedStepTwice() throws Exception {
    int killed = 0;
    String runId;
    try (ServerProcess first = NotesFlow.server(folder)) {
      CompletableFuture<JsonNode> running =
          CompletableFuture.supplyAsync(() -> {
            try {
              return first.call(
                  "run_flow", arguments().put("definition", NotesFlow.ofRounds(ROUNDS)));
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      runId = awaitSteps(first, 5);
      first.kill();
      killed++;
      try {
        running.get();
      } catch (ExecutionException e) {
        // The server was killed before it answered, as it should be.
      }
    }
    Set<String> before = new HashSet<>();
    try (ServerProcess second = NotesFlow.server(folder)) {
      JsonNode seen = second.call("list_flow_runs", arguments().put("run_id", runId));
      assertThat(seen.at("/runs/0/state").asString()).isIn("abandoned", "finished");
      seen.get("steps").forEach(step -> before.add(step.get("step").asString()));
      assertThat(before).hasSizeGreaterThanOrEqualTo(5);
      JsonNode resumed = second.call("run_flow", arguments().put("run_id", runId));
      assertThat(resumed.get("state").asString()).as(resumed.toString()).isEqualTo("finished");
      assertThat(resumed.get("steps")).hasSize(ROUNDS + 1);
      List<String> notes = notes(second, resumed.get("context_id").asString());
      assertThat(new HashSet<>(notes)).hasSize(ROUNDS);
      // Only the one step that was running when the server was killed may have been repeated.
      assertThat(notes.size()).isBetween(ROUNDS, ROUNDS + killed);
      for (String step : before) {
        String item = step.replaceAll("\\D", "");
        if (!item.isEmpty()) {
          assertThat(notes.stream().filter(("note " + item)::equals).count()).as(step).isOne();
        }
      }
      assertThat(second.end()).isZero();
    }
  }

  /** Waits until so many steps of the only run are on disk. */
  private static String awaitSteps(ServerProcess server, int steps) throws Exception {
    while (true) {
      JsonNode runs = server.call("list_flow_runs", arguments()).get("runs");
      if (!runs.isEmpty()) {
        String id = runs.get(0).get("run_id").asString();
        JsonNode run = server.call("list_flow_runs", arguments().put("run_id", id));
        if (run.get("steps").size() >= steps) {
          return id;
        }
      }
      Thread.onSpinWait();
    }
  }

  private static List<String> notes(ServerProcess server, String contextId) throws Exception {
    List<String> notes = new ArrayList<>();
    JsonNode read =
        server.call(
            "context_read",
            (ObjectNode)
                JsonMapper.shared()
                    .readTree("{\"context_id\": \"%s\", \"limit\": 100}".formatted(contextId)));
    read.get("entries").forEach(entry -> notes.add(entry.get("text").asString()));
    return notes;
  }
}
