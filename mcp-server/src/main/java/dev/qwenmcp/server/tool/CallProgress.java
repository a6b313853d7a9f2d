package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.chat.ReplyFormat;
import dev.qwenmcp.engine.chat.ReplyListener;
import dev.qwenmcp.engine.chat.ReplyStream;
import dev.qwenmcp.engine.chat.ToolCall;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.remote.RemoteListener;

/**
 * Tells a client how far a call is: what is waited for, the prompt tokens read, the text so far.
 *
 * <p>The number is tokens read and written, so that it rises as the protocol wants; waiting for a
 * model counts in thousandths of a token.
 */
final class CallProgress {
  /** Fast enough to read along, slow enough to cost nothing. */
  private static final long INTERVAL_NANOS = 200_000_000L;

  private static final int MOST_CHARACTERS = 2000;

  private final ToolContext call;
  private double reached;
  private long lastSent = System.nanoTime() - INTERVAL_NANOS;

  CallProgress(ToolContext call) {
    this.call = call;
  }

  /** Says what is being waited for, at once. */
  void waiting(String what) {
    reached += 0.001;
    call.progress(reached, null, what);
  }

  /**
   * Hears of a generation.
   *
   * @param promptTokens length of its prompt
   * @param maxTokens most tokens it may write
   * @param format what the text may consist of
   */
  TokenListener listener(int promptTokens, int maxTokens, ReplyFormat format) {
    if (!call.wantsProgress()) {
      return TokenListener.NONE;
    }
    double base = reached;
    double total = base + promptTokens + maxTokens;
    StringBuilder visible = new StringBuilder();
    ReplyStream reply = new ReplyStream(new Visible(visible), format);
    return new TokenListener() {
      @Override
      public void onPrompt(int done, int all) {
        send(base + done, total, "reading the prompt: %d of %d tokens".formatted(done, all));
      }

      @Override
      public void onText(String text, int generatedTokens) {
        reply.push(text);
        String message = visible.isEmpty() ? "thinking" : tail(visible);
        send(base + promptTokens + generatedTokens, total, message);
      }
    };
  }

  /**
   * Hears of an answer that is written elsewhere, where nobody counts tokens while it comes.
   *
   * @param promptTokens about how long its prompt is
   * @param maxTokens most tokens it may have
   */
  RemoteListener remote(int promptTokens, int maxTokens) {
    if (!call.wantsProgress()) {
      return RemoteListener.NONE;
    }
    double base = reached;
    StringBuilder visible = new StringBuilder();
    return new RemoteListener() {
      private int pieces;

      @Override
      public void reasoning(String piece) {
        heard("thinking");
      }

      @Override
      public void content(String piece) {
        visible.append(piece);
        heard(tail(visible));
      }

      /** Servers send a piece a token, or several together. */
      private void heard(String message) {
        pieces++;
        send(base + promptTokens + pieces, base + promptTokens + maxTokens, message);
      }
    };
  }

  private void send(double progress, double total, String message) {
    long now = System.nanoTime();
    if (progress > reached && now - lastSent >= INTERVAL_NANOS) {
      lastSent = now;
      reached = progress;
      call.progress(progress, Math.max(progress, total), message);
    }
  }

  private static String tail(StringBuilder text) {
    int start = text.length() - MOST_CHARACTERS;
    if (start <= 0) {
      return text.toString();
    }
    return "…" + text.substring(Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start);
  }

  /** Collects the visible text of a reply. */
  private record Visible(StringBuilder text) implements ReplyListener {
    @Override
    public void reasoning(String piece) {}

    @Override
    public void content(String piece) {
      text.append(piece);
    }

    @Override
    public void toolCall(ToolCall call) {}

    @Override
    public void malformedCall(String piece) {
      text.append(piece);
    }
  }
}
