package dev.qwenmcp.server.tool;

import java.util.List;

/** Arguments of generate, those that are not set left out. */
final class Asking {
  String prompt;
  String system;
  Boolean resume;
  Integer maxTokens;
  Integer timeBudgetSeconds;
  Boolean thinking;
  AnswerForm constraint;
  Double temperature;
  Long seed;
  List<String> stop;
  String model;
  String contextId;

  static Asking of(String prompt) {
    Asking asking = new Asking();
    asking.prompt = prompt;
    asking.temperature = 0.0;
    asking.maxTokens = 24;
    return asking;
  }

  static Asking next(String contextId) {
    Asking asking = of(null);
    asking.contextId = contextId;
    return asking;
  }

  static Asking rest(String contextId) {
    Asking asking = next(contextId);
    asking.resume = true;
    return asking;
  }

  Asking in(String contextId) {
    this.contextId = contextId;
    return this;
  }

  Asking tokens(int tokens) {
    this.maxTokens = tokens;
    return this;
  }

  Asking model(String model) {
    this.model = model;
    return this;
  }

  Generate.Arguments arguments() {
    return new Generate.Arguments(
        prompt,
        system,
        resume,
        maxTokens,
        timeBudgetSeconds,
        thinking,
        constraint,
        temperature,
        null,
        null,
        null,
        null,
        null,
        null,
        seed,
        stop,
        model,
        contextId);
  }
}
