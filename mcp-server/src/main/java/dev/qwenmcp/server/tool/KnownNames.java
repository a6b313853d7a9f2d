package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.knowledge.CollectionInfo;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SourceInfo;
import dev.qwenmcp.server.label.LabelSetException;
import dev.qwenmcp.server.label.LabelSetInfo;
import dev.qwenmcp.server.label.LabelSetStore;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.Completions;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Proposes what exists: contexts, collections, documents, models, label sets and flows, by what an
 * argument or variable is called.
 */
public final class KnownNames implements Completions {
  /** As many contexts as are looked through, the latest first. */
  private static final int CONTEXTS = 500;

  private final ContextStore contexts;
  private final KnowledgeBase knowledge;
  private final LabelSetStore labels;
  private final ModelHost models;
  private final Prompts flows;

  /**
   * @param flows each flow by its name
   */
  public KnownNames(
      ContextStore contexts,
      KnowledgeBase knowledge,
      LabelSetStore labels,
      ModelHost models,
      Prompts flows) {
    this.contexts = contexts;
    this.knowledge = knowledge;
    this.labels = labels;
    this.models = models;
    this.flows = flows;
  }

  @Override
  public List<String> complete(String principal, Query query) throws ToolException {
    requireKnown(query.target());
    String begun = query.begun().toLowerCase(Locale.ROOT);
    return names(principal, query).stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(begun))
        .toList();
  }

  private void requireKnown(Target target) throws ToolException {
    if (target instanceof OfPrompt prompt
        && flows.list().stream().noneMatch(flow -> flow.name().equals(prompt.prompt()))) {
      throw new ToolException("unknown_prompt", "there is no prompt " + prompt.prompt());
    }
  }

  private List<String> names(String principal, Query query) throws ToolException {
    try {
      return switch (query.name()) {
        case "context_id" ->
            contexts.list(principal, new ContextQuery("", "", CONTEXTS)).contexts().stream()
                .map(ContextInfo::id)
                .map(id -> id.value())
                .toList();
        case "collection" ->
            knowledge.collections(principal).stream().map(CollectionInfo::name).toList();
        case "document" -> documents(principal, query.others().get("collection"));
        case "model" -> models.models().stream().map(ModelInfo::name).toList();
        case "label_set", "labels", "intents" ->
            labels.list(principal).stream().map(LabelSetInfo::name).toList();
        case "flow" -> flows.list().stream().map(Prompts.Listed::name).toList();
        default -> List.of();
      };
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    } catch (KnowledgeException e) {
      throw KnowledgeFailure.of(e);
    } catch (LabelSetException e) {
      throw new ToolException("label_sets_unavailable", e.getMessage());
    }
  }

  private List<String> documents(String principal, String collection) throws KnowledgeException {
    Stream<String> known = knowledge.collections(principal).stream().map(CollectionInfo::name);
    if (collection == null || known.noneMatch(collection::equals)) {
      return List.of();
    }
    return knowledge.sources(principal, collection).stream().map(SourceInfo::id).toList();
  }
}
