package dev.qwenmcp.server.bench.peer;

import java.nio.file.Path;

/**
 * What a peer loads.
 *
 * @param model the GGUF file
 * @param threads compute threads
 * @param contextTokens longest sequence that will be asked for
 * @param vocabulary token ids are below it
 */
public record PeerLoad(Path model, int threads, int contextTokens, int vocabulary) {

  /** The same with another longest sequence. */
  PeerLoad withContext(int tokens) {
    return new PeerLoad(model, threads, tokens, vocabulary);
  }
}
