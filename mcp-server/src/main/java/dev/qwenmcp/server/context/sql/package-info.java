/**
 * Contexts in a database: SQLite in a file of this machine, or PostgreSQL for several.
 *
 * <p>The only package that uses JDBC and its drivers. Start reading at {@link
 * dev.qwenmcp.server.context.sql.SqlContextStore}; what differs between the databases stands behind
 * {@link dev.qwenmcp.server.context.sql.Database}, the tables are in {@link
 * dev.qwenmcp.server.context.sql.Schema}.
 */
package dev.qwenmcp.server.context.sql;
