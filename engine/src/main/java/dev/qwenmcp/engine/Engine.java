package dev.qwenmcp.engine;

import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;

/** A loaded model; sessions of many threads share it and take turns step by step. */
public final class Engine implements AutoCloseable {

  /**
   * Loads a model. The engine owns {@code file} from here on, also when loading fails.
   *
   * @throws IOException if the file is no model that the engine can run; the message says why
   */
  public static Engine open(GgufFile file, EngineOptions options) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** {@code general.name} of the file, or the file's own name. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** {@code qwen3} or {@code qwen3moe}. */
  public String architecture() {
    throw new UnsupportedOperationException();
  }

  /** Longest sequence in tokens. */
  public int contextTokens() {
    throw new UnsupportedOperationException();
  }

  /** Number of weights. */
  public long parameters() {
    throw new UnsupportedOperationException();
  }

  /** What computes, for people. */
  public String kernels() {
    throw new UnsupportedOperationException();
  }

  public BpeTokenizer tokenizer() {
    throw new UnsupportedOperationException();
  }

  /**
   * The model's chat format.
   *
   * @throws ChatTemplateException if the file has no template or not Qwen3's
   */
  public ChatTemplate chatTemplate() throws ChatTemplateException {
    throw new UnsupportedOperationException();
  }

  /** The sampling that the model's makers recommend, with the given seed. */
  public SamplerSettings recommendedSampling(ThinkingMode thinking, long seed) {
    throw new UnsupportedOperationException();
  }

  /** An empty session. */
  public Session newSession() {
    throw new UnsupportedOperationException();
  }

  /** Releases the model; open sessions fail from here on. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
