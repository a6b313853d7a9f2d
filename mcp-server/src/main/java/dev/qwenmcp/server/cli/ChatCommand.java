package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qwen-mcp chat}: a conversation in the terminal. */
@Command(
    name = "chat",
    description = {
      "Talk with a model in the terminal.",
      "/help lists what can be typed besides messages; Ctrl-C stops an answer, Ctrl-D ends."
    })
final class ChatCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
  private String system = "";

  @Option(names = "--think", description = "Let the model reason before it answers.")
  private boolean think;

  @Mixin private AnswerFlags answer;
  @Mixin private SamplingFlags sampling;
  @Mixin private ModelFlags models;
  @Mixin private EngineFlags engineFlags;

  @Override
  public Integer call() throws IOException, ModelException, CliException, ChatTemplateException {
    try (Engine engine =
            Engine.open(models.catalog().resolve(model).open(), engineFlags.options());
        Conversation conversation = new Conversation(engine);
        Terminal terminal = TerminalBuilder.builder().name("qwen-mcp").dumb(true).build()) {
      conversation.system(system);
      conversation.thinking(think ? ThinkingMode.ON : ThinkingMode.OFF);
      new ChatLoop(
              terminal,
              conversation,
              mode -> answer.request(sampling.settings(engine, mode)),
              engine.name() + ", " + engine.kernels())
          .run();
    }
    return 0;
  }
}
