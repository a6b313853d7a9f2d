package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.LockObtainFailedException;

/** Says of a failure of the disk what it means for a collection and what to do. */
final class StorageFailures {
  private StorageFailures() {}

  /**
   * @param volume the collection that was used
   */
  static KnowledgeException of(IOException failure, Volume volume) {
    return of(failure, "collection \"" + volume.name() + "\"", volume.place());
  }

  /**
   * @param what was used, for people
   * @param place where it is, for people
   */
  static KnowledgeException of(IOException failure, String what, String place) {
    return switch (failure) {
      case LockObtainFailedException e ->
          new KnowledgeException(
              Kind.STORAGE_BUSY,
              "other servers have been writing to %s for too long; nothing was changed, try again"
                  .formatted(what),
              e);
      case IndexFormatTooNewException e -> newer(what, place, e);
      case IndexFormatTooOldException e -> damaged(what, place, e);
      case CorruptIndexException e -> damaged(what, place, e);
      case IndexNotFoundException e -> damaged(what, place, e);
      case EOFException e -> damaged(what, place, e);
      default -> ofDisk(failure, what, place);
    };
  }

  private static KnowledgeException ofDisk(IOException failure, String what, String place) {
    String reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (reason.contains("no space") || reason.contains("quota")) {
      return new KnowledgeException(
          Kind.STORAGE_FULL,
          "no space is left for %s in %s; free some on its disk or forget documents. Nothing of this call was kept, searching goes on"
              .formatted(what, place),
          failure);
    }
    if (failure instanceof NoSuchFileException) {
      return damaged(what, place, failure);
    }
    if (failure instanceof AccessDeniedException
        || failure instanceof FileSystemException
        || reason.contains("read-only")) {
      return readOnly(what, place, failure);
    }
    return new KnowledgeException(
        Kind.STORAGE_FAILED,
        "%s in %s cannot be used (%s); check the disk".formatted(what, place, failure),
        failure);
  }

  static KnowledgeException readOnly(ReadOnlyFileSystemException failure, Volume volume) {
    return readOnly("collection \"" + volume.name() + "\"", volume.place(), failure);
  }

  private static KnowledgeException readOnly(String what, String place, Exception failure) {
    return new KnowledgeException(
        Kind.STORAGE_READ_ONLY,
        "%s in %s cannot be written (%s); let this user write there or choose another folder with --data-dir. Searching goes on"
            .formatted(what, place, failure.getMessage()),
        failure);
  }

  static KnowledgeException newer(String what, String place, Exception cause) {
    return new KnowledgeException(
        Kind.NEWER_FORMAT,
        "%s in %s was written by a newer version of this program; use that one, or remove the collection with forget and whole_collection: true and ingest it again"
            .formatted(what, place),
        cause);
  }

  static KnowledgeException damaged(String what, String place, Exception cause) {
    return new KnowledgeException(
        Kind.DAMAGED,
        "the files of %s in %s are damaged (%s); restore the folder from a backup, or remove the collection with forget and whole_collection: true and ingest its documents again. Other collections are not affected"
            .formatted(what, place, cause.getMessage()),
        cause);
  }
}
