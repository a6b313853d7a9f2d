package dev.qwenmcp.server.document.folder;

/**
 * A file or folder that was not read.
 *
 * @param path relative to the folder that was asked for
 * @param reason why; goes on after the path
 */
public record FileFailure(String path, String reason) {}
