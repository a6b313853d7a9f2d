package dev.qwenmcp.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final SqliteSchema FIRST = schema(1, "CREATE TABLE IF NOT EXISTS a (x INTEGER)");

  @TempDir private Path folder;

  private static SqliteSchema schema(int version, String... statements) {
    return new SqliteSchema(version, List.of(statements));
  }

  private SqliteFile open(SqliteSchema schema) {
    return SqliteFile.in(folder, "f.db", schema, PATIENCE);
  }

  private static long count(SqliteFile file) throws IOException {
    return file.read(rows -> rows.number("SELECT count(*) FROM a"));
  }

  @Test
  void aTransactionThatFailsLeavesNothing() throws Exception {
    try (SqliteFile file = open(FIRST)) {
      file.write(rows -> rows.update("INSERT INTO a VALUES (?)", 1));
      assertThatThrownBy(() ->
              file.write(rows -> {
                rows.update("INSERT INTO a VALUES (?)", 2);
                throw new SQLException("no more");
              }))
          .isInstanceOf(IOException.class)
          .hasMessage("no more");
      assertThat(count(file)).isOne();
    }
  }

  @Test
  void aNewerVersionAddsItsTablesAndTheOlderOneRefusesThem() throws Exception {
    try (SqliteFile file = open(FIRST)) {
      file.write(rows -> rows.update("INSERT INTO a VALUES (1)"));
    }
    try (SqliteFile file =
        open(schema(2, FIRST.statements().getFirst(), "CREATE TABLE b (y INTEGER)"))) {
      file.write(rows -> rows.update("INSERT INTO b VALUES (1)"));
      assertThat(count(file)).isOne();
    }
    try (SqliteFile file = open(FIRST)) {
      assertThatThrownBy(() -> count(file)).hasMessageContaining("newer version");
      assertThatThrownBy(() -> count(file)).as("again").hasMessageContaining("newer version");
    }
  }

  @Test
  void aDatabaseOfNoVersionThatHasTheTablesIsKept() throws Exception {
    try (SqliteFile file = open(FIRST)) {
      file.write(rows -> rows.update("INSERT INTO a VALUES (1)"));
      file.write(rows -> rows.update("PRAGMA user_version=0"));
    }
    try (SqliteFile file = open(FIRST)) {
      assertThat(count(file)).isOne();
    }
  }

  @Test
  void nothingIsMadeBeforeItIsUsedNorOpenedAfterTheEnd() throws Exception {
    SqliteFile file = open(FIRST);
    assertThat(Files.exists(folder.resolve("f.db"))).isFalse();
    file.close();
    assertThatThrownBy(() -> count(file)).isInstanceOf(IOException.class);
    assertThat(Files.exists(folder.resolve("f.db"))).isFalse();
  }
}
