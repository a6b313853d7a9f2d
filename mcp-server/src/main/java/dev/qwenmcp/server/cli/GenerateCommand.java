package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp generate PROMPT}: one answer on standard output. */
@Command(
    name = "generate",
    description = {
      "Answer one prompt on standard output while it is generated.",
      "The prompt is the rest of the command line, or standard input where there is none. Thinking"
          + " goes to standard error."
    })
final class GenerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "PROMPT", description = "What to answer.")
  private List<String> words = List.of();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
  private String system = "";

  @Option(names = "--think", description = "Let the model reason before it answers.")
  private boolean think;

  @Option(
      names = "--raw",
      description = "Continue the prompt as it is, without the model's chat format.")
  private boolean raw;

  @Option(names = "--stats", description = "Print tokens and times on standard error.")
  private boolean stats;

  @Mixin private AnswerFlags answer;
  @Mixin private ConstraintFlags constraint;
  @Mixin private SamplingFlags sampling;
  @Mixin private ModelFlags models;
  @Mixin private EngineFlags engineFlags;

  @Override
  public Integer call() throws IOException, ModelException, CliException, ChatTemplateException {
    if (raw && (think || !system.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "--raw has no chat format, so neither --system nor --think");
    }
    String prompt = words.isEmpty() ? InputText.of(System.in) : String.join(" ", words);
    ThinkingMode thinking = think ? ThinkingMode.ON : ThinkingMode.OFF;
    Optional<Grammar> form = constraint.grammar();
    try (Engine engine =
        Engine.open(models.catalog().resolve(model).open(), engineFlags.options())) {
      GenerationRequest request =
          answer
              .request(sampling.settings(engine, thinking))
              .withConstraint(form.isPresent() ? held(engine, form.get()) : null);
      GenerationResult result =
          raw ? raw(engine, prompt, request) : chat(engine, prompt, thinking, request);
      report(result);
    }
    return 0;
  }

  /** Holds the answer to a form; after the thinking, if there is any. */
  private TokenConstraint held(Engine engine, Grammar form) throws ChatTemplateException {
    TokenGrammar grammar = form.over(TokenTrie.of(engine.tokenizer()));
    if (raw) {
      return grammar.constraint(engine.tokenizer().eos());
    }
    ChatTemplate template = engine.chatTemplate();
    TokenConstraint held = grammar.constraint(template.stopTokens());
    return think ? template.afterReasoning(ThinkingMode.ON, held) : held;
  }

  private GenerationResult raw(Engine engine, String prompt, GenerationRequest request) {
    PrintWriter out = spec.commandLine().getOut();
    try (Session session = engine.newSession()) {
      GenerationRequest continued =
          new GenerationRequest(
              engine.tokenizer().encode(prompt),
              request.sampling(),
              request.maxTokens(),
              request.timeBudget(),
              request.stopStrings(),
              request.constraint());
      GenerationResult result =
          session.generate(
              continued,
              (text, _) -> {
                out.print(text);
                out.flush();
              },
              new Cancellation());
      out.println();
      return result;
    }
  }

  private GenerationResult chat(
      Engine engine, String prompt, ThinkingMode thinking, GenerationRequest request)
      throws ChatTemplateException, CliException {
    PrintWriter out = spec.commandLine().getOut();
    try (Conversation conversation = new Conversation(engine)) {
      conversation.system(system);
      conversation.thinking(thinking);
      Conversation.Turn turn =
          conversation.say(
              prompt,
              request,
              new ReplyPrinter(out, spec.commandLine().getErr(), false),
              new Cancellation());
      out.println();
      return turn.result();
    }
  }

  private void report(GenerationResult result) {
    PrintWriter err = spec.commandLine().getErr();
    switch (result.finishReason()) {
      case STOP, CANCELLED -> {}
      case LENGTH -> err.println("(cut off: --max-tokens allows more)");
      case TIME -> err.println("(cut off: --time-limit allows more)");
      case CONTEXT_FULL -> err.println("(cut off: the model's context is full)");
    }
    if (stats) {
      err.println(UsageText.of(result.usage()));
    }
    if (result.finishReason() == FinishReason.CANCELLED) {
      err.println("(cancelled)");
    }
  }
}
