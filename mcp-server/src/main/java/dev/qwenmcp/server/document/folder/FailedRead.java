package dev.qwenmcp.server.document.folder;

/**
 * A file that could not be read, so that it is not tried again until it changes.
 *
 * @param state of the file then
 * @param failure what was wrong
 * @param document whether it is a document at all
 */
record FailedRead(FileContent.State state, FileFailure failure, boolean document) {}
