package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.ChildCommand;
import dev.qwenmcp.server.bench.Contender;
import dev.qwenmcp.server.bench.Workload;
import java.nio.file.Path;
import java.util.List;

/** llama.cpp's libraries, timed workload by workload. */
final class LlamaProcess implements Contender {
  private final LlamaChild child;

  private LlamaProcess(LlamaChild child) {
    this.child = child;
  }

  /** Starts a process and waits until the model is loaded. */
  static LlamaProcess start(Path folder, PeerLoad load, ChildCommand self) throws BenchException {
    return new LlamaProcess(LlamaChild.start(folder, load, self));
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
    return Double.parseDouble(
        child.ask(
            "%s %d %d %d"
                .formatted(
                    workload instanceof Workload.Prompt ? "prompt" : "generate",
                    workload.tokens(),
                    workload.depth(),
                    setting.equals(PeerFolder.setting(true)) ? 1 : 0)));
  }

  @Override
  public void close() {
    child.close();
  }
}
