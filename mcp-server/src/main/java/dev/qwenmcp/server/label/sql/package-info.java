/**
 * Label sets in SQLite.
 *
 * <p>Depends on {@code server.store} and on the interface of {@code server.label}. Start reading at
 * {@link dev.qwenmcp.server.label.sql.SqliteLabelSetStore}.
 */
package dev.qwenmcp.server.label.sql;
