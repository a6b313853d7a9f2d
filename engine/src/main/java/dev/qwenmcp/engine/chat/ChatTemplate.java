package dev.qwenmcp.engine.chat;

import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufMetadata;
import dev.qwenmcp.engine.grammar.AfterReasoning;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Qwen3's chat format, written straight to token ids so that user text can never become control.
 *
 * <p>Messages, thinking, tool descriptions, arguments and results are encoded as plain text
 * whatever they contain; special tokens stand only where the template itself has them.
 */
public final class ChatTemplate {
  private static final String KEY = "tokenizer.chat_template";

  private final TemplateFamily family;
  private final BpeTokenizer tokenizer;
  private final int[] stopTokens;

  private ChatTemplate(TemplateFamily family, BpeTokenizer tokenizer) {
    this.family = family;
    this.tokenizer = tokenizer;
    this.stopTokens =
        IntStream.concat(
                IntStream.of(tokenizer.eos()),
                IntStream.concat(
                    tokenizer.special("<|im_end|>").stream(),
                    tokenizer.special("<|endoftext|>").stream()))
            .distinct()
            .toArray();
  }

  /**
   * Recognises the file's template; another model's is refused with {@link ChatTemplateException}.
   */
  public static ChatTemplate of(GgufMetadata metadata, BpeTokenizer tokenizer)
      throws ChatTemplateException {
    try {
      return of(
          metadata
              .string(KEY)
              .orElseThrow(() ->
                  new ChatTemplateException(
                      "the file has no chat template ("
                          + KEY
                          + "); use a chat model of the Qwen3 family, or give the prompt as"
                          + " plain text")),
          tokenizer);
    } catch (GgufFormatException e) {
      throw new ChatTemplateException("the chat template cannot be read: " + e.getMessage());
    }
  }

  static ChatTemplate of(String template, BpeTokenizer tokenizer) throws ChatTemplateException {
    TemplateFamily family =
        TemplateFamily.of(template)
            .orElseThrow(() ->
                new ChatTemplateException(
                    "the file's chat template is none that the engine knows: it begins with "
                        + beginning(template)
                        + "; supported are the unchanged templates of Qwen3; use such a file,"
                        + " or give the prompt as plain text"));
    for (String token : new String[] {"<|im_start|>", "<|im_end|>"}) {
      if (tokenizer.special(token).isEmpty()) {
        throw new ChatTemplateException(
            "the chat template is Qwen3's, but the vocabulary has no special token " + token);
      }
    }
    return new ChatTemplate(family, tokenizer);
  }

  private static String beginning(String template) {
    String start = template.length() <= 60 ? template : template.substring(0, 60) + "…";
    return '"' + start.replace("\n", "\\n") + '"';
  }

  /**
   * Token ids of the prompt.
   *
   * @throws IllegalArgumentException if there is no message, or a tool or its arguments are no JSON
   */
  public int[] encode(ChatPrompt prompt) {
    TokenPrompt ids = new TokenPrompt(tokenizer);
    Qwen3Format.write(family, prompt, ids);
    return ids.ids();
  }

  /**
   * The text that Jinja would render, for comparison and display only.
   *
   * @throws IllegalArgumentException if there is no message, or a tool or its arguments are no JSON
   */
  public String render(ChatPrompt prompt) {
    TextPrompt text = new TextPrompt();
    Qwen3Format.write(family, prompt, text);
    return text.text();
  }

  /**
   * The thinking modes of a file's chat template, from its metadata alone; none where it has no
   * template that is known.
   */
  public static Set<ThinkingMode> thinkingModes(GgufMetadata metadata) throws GgufFormatException {
    return metadata
        .string(KEY)
        .flatMap(TemplateFamily::of)
        .map(family -> Set.copyOf(family.modes()))
        .orElse(Set.of());
  }

  /** The thinking modes between which the model lets one choose, or the only one it has. */
  public Set<ThinkingMode> thinkingModes() {
    return Set.copyOf(family.modes());
  }

  /** Whether the prompt ends with an open {@code <think>}, so that the reply begins inside it. */
  public boolean opensReasoning(ThinkingMode thinking) {
    return family.replyOpening(thinking).equals("<think>\n");
  }

  /**
   * Holds an answer to a constraint from the end of its thinking on.
   *
   * @param answer of what the model says after it has thought
   * @throws IllegalStateException if the vocabulary has no tokens for the marks around the thinking
   */
  public TokenConstraint afterReasoning(ThinkingMode thinking, TokenConstraint answer) {
    AfterReasoning.Marks marks =
        new AfterReasoning.Marks(
            special("<think>"), special("</think>"), tokenizer.encode("\n\n"), stopTokens);
    return new AfterReasoning(marks, opensReasoning(thinking), answer);
  }

  private int special(String mark) {
    return tokenizer
        .special(mark)
        .orElseThrow(() ->
            new IllegalStateException(
                "the vocabulary has no token "
                    + mark
                    + ", so where its thinking ends cannot be told; let it answer without thinking"));
  }

  /** Ids at which generation stops: end of turn and end of text. */
  public int[] stopTokens() {
    return stopTokens.clone();
  }
}
