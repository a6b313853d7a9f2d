package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.Contender;
import dev.qwenmcp.server.bench.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** llama.cpp's own benchmark program, one process a run; it warms up by itself each time. */
final class LlamaBench implements Contender {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path program;
  private final PeerLoad load;

  LlamaBench(Path program, PeerLoad load) {
    this.program = program;
    this.load = load;
  }

  @Override
  public List<String> settings() {
    return PeerFolder.SETTINGS;
  }

  @Override
  public boolean can(Workload workload) {
    return !(workload instanceof Workload.Generation g) || g.sequences() == 1;
  }

  @Override
  public double seconds(String setting, Workload workload) throws BenchException {
    JsonNode row = run(command(setting.equals(PeerFolder.setting(true)), workload));
    JsonNode nanoseconds = row.path("avg_ns");
    if (!nanoseconds.isNumber() || nanoseconds.asDouble() <= 0) {
      throw new BenchException("llama-bench printed no avg_ns: " + row);
    }
    return nanoseconds.asDouble() * 1e-9;
  }

  private List<String> command(boolean flashAttention, Workload workload) {
    boolean prompt = workload instanceof Workload.Prompt;
    List<String> words = new ArrayList<>();
    words.add(program.toString());
    words.addAll(List.of("-m", load.model().toString()));
    words.addAll(List.of("-p", Integer.toString(prompt ? workload.tokens() : 0)));
    words.addAll(List.of("-n", Integer.toString(prompt ? 0 : workload.tokens())));
    if (workload.depth() > 0) { // ik_llama.cpp's does not know it
      words.addAll(List.of("-d", Integer.toString(workload.depth())));
    }
    words.addAll(List.of("-fa", flashAttention ? "1" : "0"));
    words.addAll(List.of("-t", Integer.toString(load.threads())));
    words.addAll(List.of("-r", "1", "-o", "json"));
    return words;
  }

  /** Runs it to its end; the one row of its answer. */
  private JsonNode run(List<String> command) throws BenchException {
    try {
      Path errors = Files.createTempFile("llama-bench", ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
          throw new BenchException(
              "llama-bench failed with status " + status + ": " + LogTail.of(errors));
        }
        JsonNode rows = JSON.readTree(answer);
        if (!rows.isArray() || rows.size() != 1) {
          throw new BenchException("llama-bench printed no array of one row: " + answer.strip());
        }
        return rows.get(0);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new BenchException("cannot run " + program + ": " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new BenchException("llama-bench printed no JSON: " + e.getOriginalMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while llama-bench ran", e);
    }
  }

  @Override
  public void close() {}
}
