package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server is killed while jobs run; the next one knows them, and a flow goes on where it was. */
class JobCrashTest {
  private static final int ROUNDS = 60;

  @TempDir private Path folder;

  private static ObjectNode object() {
    return ServerProcess.object();
  }

  private static ObjectNode flow() {
    ObjectNode order = object().put("tool", "run_flow");
    order.putObject("arguments").put("definition", NotesFlow.ofRounds(ROUNDS));
    return order;
  }

  private static JsonNode job(ServerProcess server, String id, int wait) throws Exception {
    return server.call("job_get", object().put("job_id", id).put("wait_seconds", wait));
  }

  @Test
  void whatEndedIsKeptAndWhatRanIsInterruptedAndGoesOn() throws Exception {
    String finished;
    String running;
    try (ServerProcess first = NotesFlow.server(folder)) {
      ObjectNode quick = object().put("tool", "context_open");
      quick.putObject("arguments").put("title", "kept");
      finished = first.call("job_start", quick).get("job_id").asString();
      assertThat(job(first, finished, 20).get("state").asString()).isEqualTo("finished");
      running = first.call("job_start", flow()).get("job_id").asString();
      while (first.call("list_flow_runs", object()).at("/runs/0/steps_done").asInt(0) == 0
          && job(first, running, 0).path("progress").asDouble(0) < 1) {
        Thread.onSpinWait();
      }
      first.kill();
    }
    try (ServerProcess second = NotesFlow.server(folder)) {
      JsonNode kept = job(second, finished, 0);
      assertThat(kept.get("state").asString()).isEqualTo("finished");
      assertThat(kept.at("/result/context_id").asString()).startsWith("ctx_");
      JsonNode left = job(second, running, 0);
      assertThat(left.get("state").asString()).as("%s", left).isEqualTo("interrupted");
      assertThat(left.get("hint").asString()).contains(running);

      String resumed =
          second.call("job_start", object().put("resume", running)).get("job_id").asString();
      JsonNode done = job(second, resumed, 50);
      assertThat(done.get("state").asString()).as("%s", done).isEqualTo("finished");
      assertThat(done.at("/result/state").asString()).isEqualTo("finished");
      JsonNode runs = second.call("list_flow_runs", object()).get("runs");
      assertThat(runs).as("the run went on, none was begun").hasSize(1);
      assertThatThrownBy(() -> second.call("job_start", object().put("resume", resumed)))
          .isInstanceOf(ServerProcess.ToolFailure.class)
          .hasMessageContaining("not_interrupted");
      assertThat(second.call("job_list", object()).get("jobs")).hasSize(3);
      assertThat(second.end()).isZero();
    }
  }
}
