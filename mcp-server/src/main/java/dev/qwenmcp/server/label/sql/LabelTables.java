package dev.qwenmcp.server.label.sql;

import dev.qwenmcp.server.store.SqliteSchema;
import java.util.List;

/** Tables of label sets, their examples, and what was computed from them. */
final class LabelTables {
  static final SqliteSchema SCHEMA =
      new SqliteSchema(
          1,
          List.of(
              """
              CREATE TABLE IF NOT EXISTS label_sets (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                principal TEXT NOT NULL,
                name TEXT NOT NULL,
                revision INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                created INTEGER NOT NULL,
                changed INTEGER NOT NULL,
                UNIQUE (principal, name))\
              """,
              """
              CREATE TABLE IF NOT EXISTS labels (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                UNIQUE (label_set, name))\
              """,
              """
              CREATE TABLE IF NOT EXISTS examples (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
                label INTEGER NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
                text TEXT NOT NULL,
                UNIQUE (label_set, label, text))\
              """,
              """
              CREATE TABLE IF NOT EXISTS vectors (
                example INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
                embedder TEXT NOT NULL,
                vector BLOB NOT NULL,
                PRIMARY KEY (example, embedder)) WITHOUT ROWID\
              """,
              """
              CREATE TABLE IF NOT EXISTS classifiers (
                label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
                embedder TEXT NOT NULL,
                revision INTEGER NOT NULL,
                classifier BLOB NOT NULL,
                PRIMARY KEY (label_set, embedder))\
              """,
              "CREATE INDEX IF NOT EXISTS examples_of_set ON examples (label_set, id)"));

  private LabelTables() {}
}
