package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.text.LanguageDetector;
import java.security.SecureRandom;
import java.util.List;

/** All tools of the server, wired to what they share. */
public final class ToolSet {
  private ToolSet() {}

  /** The tools in the order in which clients list them. */
  public static List<Tool<?, ?>> create(
      ContextStore contexts,
      KnowledgeBase knowledge,
      DocumentFolders folders,
      LabelSets labels,
      ModelHost models) {
    LanguageModels languageModels = new LanguageModels(models, PromptProfile::of);
    SecureRandom random = new SecureRandom();
    return List.of(
        new Understand(contexts, languageModels, labels, new LanguageDetector()),
        new LabelSetTool(contexts, labels),
        new Retrieve(contexts, knowledge),
        new Generate(contexts, languageModels, random),
        new AnswerQuestion(
            contexts,
            knowledge,
            new GroundedWriter(languageModels, new PassageJudge(labels.embedders()), random)),
        new Ingest(contexts, knowledge, folders),
        new ListSources(contexts, knowledge),
        new Forget(contexts, knowledge),
        new OpenContext(contexts),
        new ReadContext(contexts),
        new AppendToContext(contexts),
        new ForkContext(contexts),
        new ListContexts(contexts),
        new CloseContext(contexts),
        new ListModels(contexts, models),
        new UseModel(contexts, models));
  }
}
