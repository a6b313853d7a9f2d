package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.InMemoryContextStore;
import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import dev.qwenmcp.server.label.LabelSetLimits;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.label.sql.SqliteLabelSetStore;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The tools over stores of their own, with the embedded model and one of random weights. */
final class Workbench {
  final ContextStore contexts =
      new InMemoryContextStore(ContextLimits.DEFAULT, InstantSource.system(), new SecureRandom());
  final KnowledgeBase knowledge = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, Embedders.NONE);
  final DocumentFolders folders =
      new DocumentFolders(
          knowledge,
          AllowedRoots.NONE,
          new DocumentReader(ParserLimits.DEFAULT),
          InstantSource.system());
  final FixedModels models =
      new FixedModels().with("nano", FixedModels.nano()).with("random", FixedModels.random());

  /** The random model is asked as large models are. */
  final LanguageModels languageModels =
      new LanguageModels(
          models,
          engine ->
              engine == FixedModels.random() ? PromptProfile.STANDARD : PromptProfile.of(engine));

  final LabelSets labels =
      new LabelSets(
          SqliteLabelSetStore.inMemory(LabelSetLimits.DEFAULT, InstantSource.system()),
          Embedding.MODELS);
  final Understand understand =
      new Understand(contexts, languageModels, labels, new LanguageDetector());
  final LabelSetTool labelSet = new LabelSetTool(contexts, labels);
  final Retrieve retrieve = new Retrieve(contexts, knowledge);
  final Ingest ingest = new Ingest(contexts, knowledge, folders);
  final ListSources sources = new ListSources(contexts, knowledge);
  final Forget forget = new Forget(contexts, knowledge);
  final Generate generate = new Generate(contexts, languageModels, new Random(1));
  final OpenContext open = new OpenContext(contexts);
  final ReadContext read = new ReadContext(contexts);
  final AppendToContext append = new AppendToContext(contexts);
  final ForkContext fork = new ForkContext(contexts);
  final ListContexts contextList = new ListContexts(contexts);
  final CloseContext close = new CloseContext(contexts);
  final ListModels list = new ListModels(contexts, models);
  final UseModel use = new UseModel(contexts, models);
  final RecordedCall call = new RecordedCall();

  /** The embedding models, loaded once for all tests. */
  private static final class Embedding {
    static final Embedders MODELS = EmbeddedModels.open();
  }

  LanguageModel model(String name) throws ToolException, InterruptedException {
    return languageModels.find(name, call);
  }

  ChatModel chat(String name) throws ToolException, InterruptedException {
    return languageModels.chat(name, (String) null, call);
  }

  List<Entry> entries(String contextId) throws ContextException {
    return contexts.read("local", new ContextId(contextId), 0, 1000);
  }

  List<String> roles(String contextId) throws ContextException {
    return entries(contextId).stream().map(Entry::role).toList();
  }

  /** Expects a failure that callers can tell by its code. */
  static void assertFails(String code, ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ToolException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
              }
            });
  }
}
