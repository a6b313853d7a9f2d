package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.AssistantReply;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ReplyFormat;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.model.Capability;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.remote.RemoteException;
import dev.qwenmcp.server.remote.RemoteModel;
import dev.qwenmcp.server.remote.RemoteReply;
import dev.qwenmcp.server.remote.RemoteRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat model behind a server elsewhere. It gives text, no scores and no exact token counts; what
 * that means for a result is said in the result's notes.
 */
final class RemoteLanguageModel implements ChatModel {
  /** A text of Latin letters has 4 bytes a token or more, a Chinese character is 3 bytes. */
  private static final int BYTES_PER_TOKEN = 3;

  /** Role, start and end of a message. */
  private static final int MESSAGE_TOKENS = 8;

  /** A choice is a short JSON object. */
  private static final int CHOICE_TOKENS = 256;

  /** Answers that do not follow their schema are asked for once more. */
  private static final int SCHEMA_ATTEMPTS = 2;

  private static final int AFFINITY_CHARACTERS = 1000;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ModelInfo info;
  private final RemoteModel model;
  private final String affinity;
  private final ToolContext call;
  private final CallProgress progress;

  /**
   * @param affinity calls with the same one go to the same server, null to go by the prompt's
   *     beginning
   */
  RemoteLanguageModel(ModelInfo info, RemoteModel model, String affinity, ToolContext call) {
    this.info = info;
    this.model = model;
    this.affinity = affinity;
    this.call = call;
    this.progress = new CallProgress(call);
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public PromptProfile profile() {
    return PromptProfile.STANDARD;
  }

  @Override
  public int contextTokens() {
    return model.settings().about().contextTokens();
  }

  @Override
  public int countTokens(String text) {
    return (text.getBytes(StandardCharsets.UTF_8).length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  @Override
  public SamplerSettings recommendedSampling(ThinkingMode thinking, long seed) {
    return SamplerSettings.qwen3(thinking, seed);
  }

  @Override
  public ThinkingMode thinking(boolean wanted) throws ToolException {
    if (wanted && !info.has(Capability.THINKING)) {
      throw new ToolException(
          "thinking_not_supported",
          "the model %s does not think before it answers; leave out thinking or choose another model"
              .formatted(name()));
    }
    return wanted ? ThinkingMode.ON : ThinkingMode.OFF;
  }

  @Override
  public PreparedPrompt prepare(List<Message> messages, ThinkingMode thinking) {
    long tokens = 0;
    for (Message message : messages) {
      tokens += countTokens(message.content()) + MESSAGE_TOKENS;
    }
    return new PreparedPrompt(
        messages, thinking, new int[0], (int) Math.min(tokens, Integer.MAX_VALUE));
  }

  @Override
  public ChatReply chat(ChatRequest request) throws ToolException, InterruptedException {
    if (request.prompt().tokens() >= contextTokens()) {
      throw tooLong(request.prompt().tokens());
    }
    if (request.form().isPresent() && request.schema().isEmpty()) {
      throw new ToolException(
          "constraint_not_supported",
          "the model %s runs elsewhere, where answers are held to a json_schema at most: give one as the constraint, or choose a model that runs here"
              .formatted(name()));
    }
    return request.schema().isPresent()
        ? json(request, request.schema().get())
        : free(request, request.prompt().messages());
  }

  private ChatReply free(ChatRequest request, List<Message> messages)
      throws ToolException, InterruptedException {
    return chatReply(ask(request, messages, Optional.empty(), false));
  }

  /** What a server holds to a schema is checked all the same, what it does not is asked for. */
  private ChatReply json(ChatRequest request, ObjectNode schema)
      throws ToolException, InterruptedException {
    Deadline deadline = new Deadline(request.timeBudget());
    List<Message> messages = new ArrayList<>(request.prompt().messages());
    if (!model.settings().abilities().jsonSchema()) {
      Message last = messages.removeLast();
      messages.add(
          Message.user(
              last.content()
                  + "\n\nAnswer with nothing but JSON that follows this schema"
                  + (request.inDeclaredOrder() ? ", its members in the same order: " : ": ")
                  + schema));
    }
    Usage usage = Usage.NONE;
    List<String> wrong = List.of();
    for (int attempt = 0; attempt < SCHEMA_ATTEMPTS && !deadline.passed(); attempt++) {
      ChatReply reply =
          chatReply(ask(within(request, deadline.left()), messages, Optional.of(schema), false));
      usage = usage.plus(reply.usage());
      if (reply.finishReason() != FinishReason.STOP) {
        return with(reply, reply.content(), usage);
      }
      String content = unfenced(reply.content());
      wrong = violations(schema, content);
      if (wrong.isEmpty()) {
        return with(reply, content, usage);
      }
      messages.add(Message.assistant(reply.content()));
      messages.add(
          Message.user(
              "That does not follow the schema: "
                  + String.join("; ", wrong)
                  + ". Write the JSON again."));
    }
    throw new ToolException(
        "invalid_answer",
        "the model %s wrote what does not follow the schema%s, twice: %s; simplify the schema, or choose a model that runs here, which is held to it"
            .formatted(
                name(),
                model.settings().abilities().jsonSchema()
                    ? " although its server was asked to hold it to it"
                    : "",
                String.join("; ", wrong)));
  }

  private static ChatRequest within(ChatRequest request, Duration left) {
    return new ChatRequest(
        request.prompt(),
        request.begun(),
        request.sampling(),
        request.maxTokens(),
        left,
        request.stops(),
        request.form());
  }

  private static ChatReply with(ChatReply reply, String content, Usage usage) {
    return new ChatReply(
        content, reply.reasoning(), reply.raw(), reply.tokens(), reply.finishReason(), usage, 0);
  }

  private static List<String> violations(ObjectNode schema, String content) {
    try {
      return AnswerSchema.violations(schema, JSON.readTree(content));
    } catch (JacksonException e) {
      return List.of("no JSON: " + e.getOriginalMessage());
    }
  }

  /** Models that nobody holds to anything like to wrap JSON in a code block. */
  private static String unfenced(String content) {
    String text = content.strip();
    if (text.startsWith("```") && text.endsWith("```") && text.indexOf('\n') > 0) {
      return text.substring(text.indexOf('\n') + 1, text.length() - 3).strip();
    }
    return text;
  }

  /**
   * Lets the model name one option as JSON. Its probability is that of the tokens it wrote, where
   * the server tells; the others share the rest, for nothing is known of them.
   */
  @Override
  public Choice choose(PreparedPrompt prompt, Options options, Deadline deadline)
      throws ToolException, InterruptedException {
    if (prompt.tokens() >= contextTokens()) {
      throw tooLong(prompt.tokens());
    }
    ObjectNode schema = choiceSchema(options);
    ChatRequest request = ChatRequest.json(prompt, schema, CHOICE_TOKENS, deadline.left());
    RemoteReply reply = ask(request, prompt.messages(), Optional.of(schema), true);
    if (reply.finishReason() == FinishReason.TIME) {
      throw new ToolException(
          "time_exceeded",
          "the time budget of %d s ended before the answer was found; raise time_budget_seconds"
              .formatted(deadline.budget().toSeconds()));
    }
    int chosen = chosen(options, unfenced(visible(reply)));
    double probability =
        reply.logProbability().isPresent()
            ? Math.clamp(Math.exp(reply.logProbability().getAsDouble()), 0, 1)
            : 1;
    double[] probabilities = new double[options.values().size()];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] =
          i == chosen
              ? probabilities.length == 1 ? 1 : probability
              : (1 - probability) / (probabilities.length - 1);
    }
    return new Choice(probabilities, reply.usage(), List.of(choiceNote(reply.logProbability())));
  }

  private String choiceNote(OptionalDouble logProbability) {
    return logProbability.isPresent()
        ? "the model %s runs elsewhere: the probability is that of the label it wrote, and the other labels share the rest evenly"
            .formatted(name())
        : "the model %s runs elsewhere and its server tells no probabilities: 1 stands for the label it chose and is no estimate"
            .formatted(name());
  }

  private static ObjectNode choiceSchema(Options options) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("type", "object");
    ArrayNode values =
        schema
            .putObject("properties")
            .putObject(options.property())
            .put("type", "string")
            .putArray("enum");
    options.values().forEach(values::add);
    schema.putArray("required").add(options.property());
    schema.put("additionalProperties", false);
    return schema;
  }

  private int chosen(Options options, String content) throws ToolException {
    String named = content;
    try {
      JsonNode node = JSON.readTree(content);
      named = node.path(options.property()).asString(content);
    } catch (JacksonException _) {
      // It may have written the bare name.
    }
    int at = options.values().indexOf(named.strip());
    if (at < 0) {
      throw new ToolException(
          "invalid_answer",
          "the model %s was to choose one of %d labels and wrote \"%s\"; choose a model that runs here, which can write nothing else, or one whose server keeps to JSON schemas"
              .formatted(
                  name(),
                  options.values().size(),
                  named.length() > 200 ? named.substring(0, 200) + "…" : named));
    }
    return at;
  }

  /** The visible text, without what the model thought aloud in it. */
  private static String visible(RemoteReply reply) {
    return AssistantReply.parse(reply.content(), ReplyFormat.text(false)).content();
  }

  private static ChatReply chatReply(RemoteReply reply) {
    AssistantReply parts = AssistantReply.parse(reply.content(), ReplyFormat.text(false));
    return new ChatReply(
        parts.content().stripLeading(),
        reply.reasoning().isEmpty() ? parts.reasoning() : reply.reasoning(),
        reply.content(),
        List.of(),
        reply.finishReason(),
        reply.usage(),
        0);
  }

  private RemoteReply ask(
      ChatRequest request, List<Message> messages, Optional<ObjectNode> schema, boolean logprobs)
      throws ToolException, InterruptedException {
    RemoteRequest remote =
        new RemoteRequest(
            messages,
            request.sampling(),
            Math.min(request.maxTokens(), Math.max(1, contextTokens() - request.prompt().tokens())),
            request.timeBudget(),
            request.stops(),
            schema,
            Optional.of(request.prompt().thinking() == ThinkingMode.ON),
            logprobs,
            affinity == null ? beginning(messages) : affinity);
    call.work().begins(name(), Optional.empty());
    try {
      RemoteReply reply =
          model.chat(
              remote,
              progress.remote(request.prompt().tokens(), request.maxTokens()),
              call.cancellation());
      call.used(reply.usage());
      return reply;
    } catch (RemoteException e) {
      throw new ToolException(code(e), e.getMessage());
    }
  }

  private static String beginning(List<Message> messages) {
    StringBuilder text = new StringBuilder();
    messages.forEach(message -> text.append(message.content()).append('\n'));
    return text.substring(0, Math.min(text.length(), AFFINITY_CHARACTERS));
  }

  private static String code(RemoteException e) {
    return switch (e.kind()) {
      case BUSY -> "busy";
      case TIMEOUT -> "remote_timeout";
      case REFUSED, MALFORMED -> "remote_failed";
      case UNAUTHORISED -> "remote_unauthorised";
      case UNREACHABLE -> "model_unavailable";
    };
  }

  /** Arguments that the caller gave and the server does not take. */
  List<String> notTaken(Generate.Arguments arguments) {
    if (model.settings().abilities().samplingExtensions()) {
      return List.of();
    }
    List<String> left = new ArrayList<>();
    if (arguments.topK() != null) {
      left.add("top_k");
    }
    if (arguments.minP() != null) {
      left.add("min_p");
    }
    if (arguments.repetitionPenalty() != null) {
      left.add("repetition_penalty");
    }
    return left.isEmpty()
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "the server of the model %s does not take %s: left out",
                name(),
                String.join(", ", left)));
  }
}
