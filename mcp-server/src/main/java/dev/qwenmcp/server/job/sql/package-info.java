/**
 * Jobs in SQLite: {@link dev.qwenmcp.server.job.sql.SqliteJobStore}, a file in the data folder that
 * several servers share, or in memory.
 */
package dev.qwenmcp.server.job.sql;
