package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.job.Jobs;
import dev.qwenmcp.server.protocol.CompletionJson;
import dev.qwenmcp.server.protocol.Completions;
import dev.qwenmcp.server.protocol.ListPages;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ServerCard;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import dev.qwenmcp.server.transport.StatelessService;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers requests of MCP 2026-07-28, each by itself: one service is enough for all clients and
 * connections.
 */
public final class ModernService implements StatelessService {
  private static final Logger LOG = LoggerFactory.getLogger(ModernService.class);

  private final Discovery discovery;
  private final ToolMethods tools;
  private final ResourceMethods resources;
  private final PromptMethods prompts;
  private final Completions completions;
  private final Optional<TaskMethods> tasks;
  private final ListenStreams listening;
  private final RequestHeaders headers;
  private final Scheduler threads;

  /**
   * What a server offers.
   *
   * @param tools that can be called
   * @param runner gives calls their threads
   * @param resources that can be read and watched
   * @param prompts that people choose in their client
   * @param completions of what they fill in
   * @param jobs where calls go that may go on without the client; without, the server has no tasks
   */
  public record Offer(
      ToolRegistry tools,
      ToolRunner runner,
      Resources resources,
      Prompts prompts,
      Completions completions,
      Optional<Jobs> jobs) {}

  /**
   * @param key seals what travels through clients
   * @param threads where resources and prompts are read
   */
  public ModernService(
      ServerCard card, Offer offer, StateKey key, InstantSource clock, Scheduler threads) {
    RequestState state = new RequestState(key, clock);
    this.threads = threads;
    this.tasks = offer.jobs().map(jobs -> new TaskMethods(jobs, offer.runner(), threads));
    this.discovery = new Discovery(card, tasks.isPresent());
    this.tools = new ToolMethods(offer.tools(), offer.runner(), state, tasks);
    this.resources = new ResourceMethods(offer.resources());
    this.completions = offer.completions();
    this.prompts = new PromptMethods(offer.prompts(), state);
    this.headers = new RequestHeaders(offer.tools());
    this.listening = new ListenStreams(offer.resources(), tasks, threads);
  }

  @Override
  public Mono<JsonNode> answer(RpcMessage.Request message, RpcPeer peer) {
    return Mono.defer(
            () -> {
              ModernRequest request =
                  new ModernRequest(message, RequestMeta.of(message.params()), peer);
              return result(request);
            })
        .map(discovery::signed);
  }

  private Mono<ObjectNode> result(ModernRequest request) {
    String method = request.message().method();
    return switch (method) {
      case ModernProtocol.DISCOVER -> Mono.fromCallable(discovery::result);
      case ModernProtocol.TOOLS_LIST ->
          Mono.fromCallable(() -> part(request, tools.list(), "tools", "name"));
      case ModernProtocol.TOOLS_CALL -> tools.call(request);
      case ModernProtocol.RESOURCES_LIST -> reading(() -> resources.list(request));
      case ModernProtocol.RESOURCES_TEMPLATES ->
          Mono.fromCallable(
              () -> part(request, resources.templates(), "resourceTemplates", "uriTemplate"));
      case ModernProtocol.RESOURCES_READ -> reading(() -> resources.read(request));
      case ModernProtocol.PROMPTS_LIST ->
          reading(() -> part(request, prompts.list(), "prompts", "name"));
      case ModernProtocol.PROMPTS_GET -> reading(() -> prompts.get(request));
      case CompletionJson.METHOD -> reading(() -> completed(request));
      case ModernProtocol.LISTEN -> listening.listen(request);
      default -> {
        if (TaskMethods.ALL.contains(method) && tasks.isPresent()) {
          yield reading(() -> tasks.get().answer(request));
        }
        throw new RpcException(
            RpcError.METHOD_NOT_FOUND,
            "no method %s in MCP %s; server/discover tells what this server has"
                .formatted(method, ModernProtocol.VERSION));
      }
    };
  }

  private ObjectNode completed(ModernRequest request) {
    try {
      return CompletionJson.answer(completions, request.principal(), request.params());
    } catch (ToolException e) {
      throw ModernError.invalid(e.code() + ": " + e.getMessage());
    }
  }

  private static ObjectNode part(ModernRequest request, ObjectNode whole, String list, String key) {
    try {
      return ListPages.part(whole, list, key, request.params().get("cursor"));
    } catch (ToolException e) {
      throw ModernError.invalid(e.getMessage());
    }
  }

  private Mono<ObjectNode> reading(Callable<ObjectNode> work) {
    return Mono.fromCallable(work).subscribeOn(threads);
  }

  @Override
  public void check(RpcMessage message, UnaryOperator<String> given) {
    if (message instanceof RpcMessage.Request request) {
      headers.check(request, given);
    }
  }

  @Override
  public int status(int errorCode) {
    return switch (errorCode) {
      case RpcError.METHOD_NOT_FOUND -> 404;
      case RpcError.PARSE_ERROR,
          RpcError.INVALID_REQUEST,
          RpcError.INVALID_PARAMS,
          ModernError.HEADER_MISMATCH,
          ModernError.MISSING_CAPABILITY,
          ModernError.UNSUPPORTED_VERSION ->
          400;
      default -> 200;
    };
  }

  @Override
  public void hear(RpcMessage.Notification notification) {
    LOG.debug("Heard {}", notification.method());
  }

  @Override
  public void ending() {
    listening.ending();
  }

  @Override
  public boolean acceptsBatches() {
    return false;
  }
}
