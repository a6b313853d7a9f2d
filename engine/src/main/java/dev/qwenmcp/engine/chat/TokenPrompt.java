package dev.qwenmcp.engine.chat;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Collects a prompt as token ids.
 *
 * <p>All text between two special tokens is joined before it is encoded, so that tokens reach
 * across the template's own words and a message's, as they do where a whole rendered prompt is
 * encoded.
 */
final class TokenPrompt implements PromptSink {
  /** Special tokens in the template's text; one that the vocabulary lacks is ordinary text. */
  private static final List<String> SPECIAL =
      List.of(
          "<|im_start|>",
          "<|im_end|>",
          "<think>",
          "</think>",
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</tool_response>");

  private final BpeTokenizer tokenizer;
  private final List<int[]> runs = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  TokenPrompt(BpeTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public void template(String piece) {
    int from = 0;
    for (int at = piece.indexOf('<'); at >= 0; at = piece.indexOf('<', at + 1)) {
      for (String name : SPECIAL) {
        OptionalInt id = piece.startsWith(name, at) ? tokenizer.special(name) : OptionalInt.empty();
        if (id.isPresent()) {
          text.append(piece, from, at);
          endRun();
          runs.add(new int[] {id.getAsInt()});
          from = at + name.length();
          break;
        }
      }
    }
    text.append(piece, from, piece.length());
  }

  @Override
  public void plain(String piece) {
    text.append(piece);
  }

  int[] ids() {
    endRun();
    int[] ids = new int[runs.stream().mapToInt(run -> run.length).sum()];
    int at = 0;
    for (int[] run : runs) {
      System.arraycopy(run, 0, ids, at, run.length);
      at += run.length;
    }
    return ids;
  }

  private void endRun() {
    if (!text.isEmpty()) {
      runs.add(tokenizer.encode(text.toString()));
      text.setLength(0);
    }
  }
}
