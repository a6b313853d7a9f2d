package dev.qwenmcp.server.knowledge.onnx;

import dev.qwenmcp.server.knowledge.Embedders;
import java.util.Optional;

/** The embedding models that come with the program, in jars of their own. */
public final class EmbeddedModels {
  private EmbeddedModels() {}

  /**
   * all-MiniLM-L6-v2 in general, bge-small-zh-v1.5 for East Asian scripts. Nothing is read until
   * one of them embeds a text; the caller closes them.
   */
  public static Embedders open() {
    return new Embedders(
        Optional.of(new OnnxEmbedder(JarModel.MINI_LM)),
        Optional.of(new OnnxEmbedder(JarModel.BGE_ZH)));
  }
}
