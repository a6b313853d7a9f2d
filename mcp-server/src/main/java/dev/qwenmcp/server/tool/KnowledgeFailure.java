package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.protocol.ToolException;

/** Failures of the knowledge base in the terms of tools. */
final class KnowledgeFailure {
  private KnowledgeFailure() {}

  static ToolException of(KnowledgeException e) {
    return new ToolException(
        switch (e.kind()) {
          case UNKNOWN_COLLECTION -> "unknown_collection";
          case QUOTA -> "knowledge_full";
          case INVALID_DOCUMENT -> "invalid_document";
          case DAMAGED -> "collection_damaged";
          case NEWER_FORMAT -> "newer_format";
          case STORAGE_FULL -> "storage_full";
          case STORAGE_READ_ONLY -> "storage_read_only";
          case STORAGE_BUSY -> "storage_busy";
          case STORAGE_FAILED -> "storage_failed";
        },
        e.getMessage());
  }
}
