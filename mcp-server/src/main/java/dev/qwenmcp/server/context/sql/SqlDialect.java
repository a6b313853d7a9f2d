package dev.qwenmcp.server.context.sql;

/**
 * Words that differ between databases.
 *
 * @param identity type of a key that the database counts up and never gives twice
 * @param bytes type of a string of bytes
 * @param forUpdate ends a query whose rows are to be locked, where rows are
 * @param skipLocked the same, leaving out rows that others have locked
 * @param position function that finds a string in another: text, part
 */
record SqlDialect(
    String identity, String bytes, String forUpdate, String skipLocked, String position) {
  static final SqlDialect SQLITE =
      new SqlDialect("INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB", "", "", "instr");
  static final SqlDialect POSTGRESQL =
      new SqlDialect(
          "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
          "BYTEA",
          " FOR UPDATE",
          " FOR UPDATE SKIP LOCKED",
          "strpos");
}
