package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.remote.RemoteException.Kind;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Puts an answer together from the chunks of a stream, or from one whole answer. */
final class ReplyReader {
  static final String DONE = "[DONE]";

  /** Longer than any max_tokens allows. */
  private static final int MOST_CHARACTERS = 4 << 20;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final String address;
  private final RemoteListener listener;
  private final long begin = System.nanoTime();
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private String finish = "";
  private JsonNode usage = MissingNode.getInstance();
  private double logProbability;
  private boolean logprobs;
  private long firstPiece;

  ReplyReader(String address, RemoteListener listener) {
    this.address = address;
    this.listener = listener;
  }

  /** Whether something of the answer has come. */
  boolean begun() {
    return firstPiece != 0;
  }

  /**
   * Takes a chunk, or a whole answer.
   *
   * @throws RemoteException if it is none, or reports an error
   */
  void accept(String json) throws RemoteException {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (JacksonException e) {
      throw malformed("what is no JSON: " + shortened(json), e);
    }
    if (!node.path("error").isMissingNode() && !node.path("error").isNull()) {
      JsonNode error = node.path("error");
      throw new RemoteException(
          Kind.REFUSED,
          "%s reports an error: %s"
              .formatted(address, shortened(error.path("message").asString(error.toString()))));
    }
    if (node.path("usage").isObject()) {
      usage = node.path("usage");
    }
    JsonNode choice = node.path("choices").path(0);
    JsonNode delta = choice.has("delta") ? choice.path("delta") : choice.path("message");
    String thought = text(delta.path("reasoning_content"), delta.path("reasoning"));
    if (!thought.isEmpty()) {
      piece(reasoning, thought);
      listener.reasoning(thought);
    }
    String written = text(delta.path("content"));
    if (!written.isEmpty()) {
      piece(content, written);
      listener.content(written);
    }
    for (JsonNode token : choice.path("logprobs").path("content")) {
      logprobs = true;
      logProbability += token.path("logprob").asDouble(0);
    }
    if (choice.path("finish_reason").isString()) {
      finish = choice.path("finish_reason").asString();
    }
  }

  private void piece(StringBuilder target, String piece) throws RemoteException {
    if (firstPiece == 0) {
      firstPiece = System.nanoTime();
    }
    target.append(piece);
    if (target.length() > MOST_CHARACTERS) {
      throw malformed("an answer of more than %,d characters".formatted(MOST_CHARACTERS), null);
    }
  }

  private static String text(JsonNode... candidates) {
    for (JsonNode candidate : candidates) {
      if (candidate.isString() && !candidate.asString().isEmpty()) {
        return candidate.asString();
      }
    }
    return "";
  }

  /** Whether the server said why the answer ended. */
  boolean complete() {
    return !finish.isEmpty();
  }

  /** The answer as the server ended it. */
  RemoteReply reply() throws RemoteException {
    return reply(
        switch (finish) {
          case "length" -> FinishReason.LENGTH;
          case "content_filter" ->
              throw new RemoteException(
                  Kind.REFUSED,
                  address + " withheld the answer (content_filter); ask something else");
          case "" -> throw malformed("an answer that broke off", null);
          default -> FinishReason.STOP;
        });
  }

  /** The answer so far. */
  RemoteReply reply(FinishReason reason) {
    long now = System.nanoTime();
    double promptSeconds = ((firstPiece == 0 ? now : firstPiece) - begin) / 1e9;
    return new RemoteReply(
        content.toString(),
        reasoning.toString(),
        reason,
        new Usage(
            count(usage.path("prompt_tokens")),
            count(usage.path("prompt_tokens_details").path("cached_tokens")),
            0,
            count(usage.path("completion_tokens")),
            promptSeconds,
            (now - begin) / 1e9 - promptSeconds),
        logprobs ? OptionalDouble.of(logProbability) : OptionalDouble.empty(),
        address);
  }

  private static int count(JsonNode number) {
    return number.isIntegralNumber() ? Math.clamp(number.asLong(0), 0, 1 << 30) : 0;
  }

  private RemoteException malformed(String what, Throwable cause) {
    return new RemoteException(
        Kind.MALFORMED,
        "%s sent %s; check that it is an OpenAI-compatible server".formatted(address, what),
        cause);
  }

  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= 300 ? line : line.substring(0, 300) + "…";
  }
}
