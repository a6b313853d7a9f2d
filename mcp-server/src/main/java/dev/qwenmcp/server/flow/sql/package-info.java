/**
 * Runs of flows in SQLite: {@link dev.qwenmcp.server.flow.sql.SqliteRunStore}, a file in the data
 * folder that several servers share, or in memory. Commits are on disk before they return.
 */
package dev.qwenmcp.server.flow.sql;
