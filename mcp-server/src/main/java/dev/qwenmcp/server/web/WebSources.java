package dev.qwenmcp.server.web;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.model.ModelHost;

/**
 * What the page shows.
 *
 * @param models of the server
 * @param contexts of all principals
 * @param knowledge collections of all principals
 * @param runs of flows of all principals
 * @param version of the program
 */
public record WebSources(
    ModelHost models,
    ContextStore contexts,
    KnowledgeBase knowledge,
    RunStore runs,
    String version) {}
