package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.Embedding;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.EmbeddingModel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Embeds each text once: several collections hold the same documents. */
record RememberingEmbedders(Embedders originals) {

  Embedders models() {
    return new Embedders(
        originals.general().map(Remembering::new), originals.eastAsian().map(Remembering::new));
  }

  private static final class Remembering implements Embedder {
    private final Embedder original;
    private final Map<String, Embedding> known = new ConcurrentHashMap<>();

    Remembering(Embedder original) {
      this.original = original;
    }

    @Override
    public EmbeddingModel model() {
      return original.model();
    }

    @Override
    public Embedding embed(String text) throws EmbeddingException {
      Optional<Embedding> before = Optional.ofNullable(known.get(text));
      if (before.isPresent()) {
        return before.get();
      }
      Embedding made = original.embed(text);
      known.put(text, made);
      return made;
    }

    @Override
    public void close() {
      original.close();
    }
  }
}
