package dev.qwenmcp.engine.chat;

/** Where a template writes; keeps what the program says apart from what others say. */
interface PromptSink {

  /** Text of the template itself, in which the names of special tokens stand for these tokens. */
  void template(String text);

  /** Text from outside, in which nothing stands for a special token. */
  void plain(String text);
}
