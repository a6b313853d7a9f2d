package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.TokenTrie;
import java.util.LinkedHashMap;
import java.util.Map;

/** What calls of one engine share: grammars over its vocabulary. */
final class LoadedModel {
  /** A grammar learns masks while it is used, so a schema that comes again is served faster. */
  private static final int MOST_GRAMMARS = 16;

  private final Engine engine;
  private final PromptProfile profile;
  private final Map<String, TokenGrammar> grammars = new LinkedHashMap<>(16, 0.75f, true);
  private TokenTrie vocabulary;

  LoadedModel(Engine engine, PromptProfile profile) {
    this.engine = engine;
    this.profile = profile;
  }

  Engine engine() {
    return engine;
  }

  PromptProfile profile() {
    return profile;
  }

  /**
   * A grammar over this model's vocabulary.
   *
   * @param key tells grammars apart, such as the schema that it was compiled from
   */
  synchronized TokenGrammar grammar(String key, Grammar grammar) {
    TokenGrammar known = grammars.get(key);
    if (known == null) {
      if (vocabulary == null) {
        vocabulary = TokenTrie.of(engine.tokenizer());
      }
      known = grammar.over(vocabulary);
      grammars.put(key, known);
      if (grammars.size() > MOST_GRAMMARS) {
        grammars.remove(grammars.keySet().iterator().next());
      }
    }
    return known;
  }
}
