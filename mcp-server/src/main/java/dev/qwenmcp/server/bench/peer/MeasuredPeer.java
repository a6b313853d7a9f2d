package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.Bench;
import dev.qwenmcp.server.bench.ChildCommand;
import dev.qwenmcp.server.bench.Contender;
import java.nio.file.Path;

/**
 * llama.cpp with a model to load.
 *
 * @param folder where it is
 * @param model the GGUF file
 * @param self how this program starts itself again
 */
public record MeasuredPeer(PeerFolder folder, Path model, ChildCommand self) implements Bench.Peer {
  @Override
  public String description() {
    return folder.description();
  }

  @Override
  public Contender.Source contender(int threads, int contextTokens, int vocabulary) {
    return folder.contender(new PeerLoad(model, threads, contextTokens, vocabulary), self);
  }
}
