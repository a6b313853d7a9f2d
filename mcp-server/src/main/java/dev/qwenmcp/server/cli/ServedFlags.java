package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.document.folder.AllowedRoots;

/**
 * What {@link ServedTools} are opened by.
 *
 * @param contexts where contexts and runs are kept
 * @param knowledge where collections are kept
 * @param roots which folders may be read
 */
record ServedFlags(ContextFlags contexts, KnowledgeFlags knowledge, AllowedRoots roots) {}
