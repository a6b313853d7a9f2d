/**
 * Files and folders as sources of documents: what may be read, what has changed since, what is
 * watched.
 *
 * <p>Depends on {@code server.document}, {@code server.document.reader} and {@code
 * server.knowledge}. Start reading at {@link dev.qwenmcp.server.document.folder.DocumentFolders};
 * how a folder and a collection are brought into line is in {@code FolderSync}, what may be read in
 * {@link dev.qwenmcp.server.document.folder.AllowedRoots}.
 */
package dev.qwenmcp.server.document.folder;
