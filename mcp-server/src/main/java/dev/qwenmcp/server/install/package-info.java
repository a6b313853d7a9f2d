/**
 * Entries for this server in the configuration files of AI clients, written so that nothing else in
 * those files changes.
 *
 * <p>Uses the JDK and Jackson. Start at {@link dev.qwenmcp.server.install.Client}.
 */
package dev.qwenmcp.server.install;
