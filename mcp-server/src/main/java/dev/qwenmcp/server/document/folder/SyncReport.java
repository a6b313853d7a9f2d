package dev.qwenmcp.server.document.folder;

import java.util.List;

/**
 * What was done to bring a collection into line with a file or folder.
 *
 * @param added documents that were new
 * @param replaced documents whose file has changed
 * @param removed documents whose file is gone or no longer chosen
 * @param unchanged documents that were left as they are
 * @param skipped files that are no documents, such as pictures
 * @param remaining files that time did not suffice for; the next call goes on with them
 * @param passages of the added and replaced documents
 * @param failures files that were not read
 */
public record SyncReport(
    int added,
    int replaced,
    int removed,
    int unchanged,
    int skipped,
    int remaining,
    int passages,
    List<FileFailure> failures) {
  public SyncReport {
    failures = List.copyOf(failures);
  }

  /** Whether documents came, went or changed. */
  public boolean changed() {
    return added + replaced + removed > 0;
  }
}
