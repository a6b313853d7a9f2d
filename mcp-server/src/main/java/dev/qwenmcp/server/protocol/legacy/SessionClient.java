package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.CallClient;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.QuestionJson;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcPeer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a call in a session may say to its client: requests and log messages.
 *
 * @param peer the client
 * @param said what the client has said in its session
 */
record SessionClient(RpcPeer peer, ClientWishes said) implements CallClient {
  /** People read before they answer. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Programs do not. */
  private static final Duration PROMPT = Duration.ofSeconds(10);

  private static final String MESSAGE = "notifications/message";

  @Override
  public <A> Optional<A> ask(Question<A> question, Cancellation call)
      throws ToolException, InterruptedException {
    if (!QuestionJson.supported(question, said.capabilities())) {
      return Optional.empty();
    }
    Duration patience = question instanceof Question.Roots ? PROMPT : PATIENCE;
    CompletableFuture<JsonNode> answer =
        peer.request(QuestionJson.method(question), QuestionJson.params(question), patience)
            .toFuture();
    try (Cancellation.Registration _ = call.onCancel(() -> answer.cancel(false))) {
      return Optional.of(QuestionJson.answer(question, answer.get()));
    } catch (CancellationException e) {
      throw new InterruptedException("the call was cancelled while the client was asked");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RpcException failure) {
        throw new ToolException(
            Question.CLIENT_FAILED,
            "the client could not answer %s: %s"
                .formatted(QuestionJson.method(question), failure.error().message()));
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      answer.cancel(false);
    }
  }

  @Override
  public void log(LogLevel level, String logger, String message) {
    if (level.compareTo(said.level()) >= 0) {
      peer.notify(
          MESSAGE,
          JsonNodeFactory.instance
              .objectNode()
              .put("level", level.written())
              .put("logger", logger)
              .put("data", message));
    }
  }
}
