package dev.qwenmcp.server.flow.sql;

import dev.qwenmcp.server.flow.run.RunRecord;
import dev.qwenmcp.server.flow.run.RunState;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.flow.run.RunStoreException;
import dev.qwenmcp.server.flow.run.StepRecord;
import dev.qwenmcp.server.store.ProcessOwner;
import dev.qwenmcp.server.store.SqliteFile;
import dev.qwenmcp.server.store.SqliteSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs in one SQLite database, opened on first use so that a disk in trouble troubles flows alone.
 *
 * <p>A run that stands as running belongs to a process; once that process is gone, anybody of its
 * principal may go on with it.
 */
public final class SqliteRunStore implements RunStore {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Runs that have ended go after this, and beyond so many of a principal. */
  private static final Duration LIFETIME = Duration.ofDays(7);

  private static final int MOST_RUNS = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String COLUMNS =
      "id, principal, flow, declaration, inputs, context_id, state, created, updated, output, trouble, owner";

  private static final SqliteSchema SCHEMA =
      new SqliteSchema(
          1,
          List.of(
              """
              CREATE TABLE IF NOT EXISTS run (
                id TEXT PRIMARY KEY, principal TEXT NOT NULL, flow TEXT NOT NULL,
                declaration TEXT NOT NULL, inputs TEXT NOT NULL, context_id TEXT NOT NULL,
                state TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
                output TEXT, trouble TEXT NOT NULL, owner TEXT NOT NULL)\
              """,
              "CREATE INDEX IF NOT EXISTS run_of ON run (principal, updated)",
              """
              CREATE TABLE IF NOT EXISTS step (
                run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                address TEXT NOT NULL, tool TEXT NOT NULL, state TEXT NOT NULL, result TEXT,
                attempts INTEGER NOT NULL, millis INTEGER NOT NULL,
                PRIMARY KEY (run, address))\
              """));

  private final SqliteFile file;
  private final InstantSource clock;
  private final String self = ProcessOwner.current();

  /** Runs that threads of this store are running. */
  private final Set<String> mine = new HashSet<>();

  private SqliteRunStore(SqliteFile file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Keeps runs in {@code flows.db} of a folder, which is made if need be. */
  public static SqliteRunStore in(Path folder, InstantSource clock) {
    return new SqliteRunStore(SqliteFile.in(folder, "flows.db", SCHEMA, PATIENCE), clock);
  }

  /** Keeps runs until it is closed. */
  public static SqliteRunStore inMemory(InstantSource clock) {
    return new SqliteRunStore(SqliteFile.inMemory(SCHEMA), clock);
  }

  private synchronized <T> T transaction(SqliteFile.Work<T, RunStoreException> work)
      throws RunStoreException {
    try {
      return file.write(work);
    } catch (IOException e) {
      throw new RunStoreException(
          RunStoreException.STORAGE,
          "runs of flows cannot be kept in %s: %s; mend that, or start the server with --contexts memory"
              .formatted(file.place(), e.getMessage()),
          e);
    }
  }

  @Override
  public void begin(RunRecord run) throws RunStoreException {
    transaction(open -> {
      tidy(open, run.principal());
      open.update(
          "INSERT INTO run (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          run.id(),
          run.principal(),
          run.flow(),
          run.declaration().toString(),
          run.inputs().toString(),
          run.contextId(),
          run.state().word(),
          run.created().toEpochMilli(),
          run.updated().toEpochMilli(),
          run.output().map(JsonNode::toString).orElse(null),
          run.trouble(),
          self);
      mine.add(run.id());
      return null;
    });
  }

  private void tidy(SqliteFile.Transaction open, String principal) throws SQLException {
    open.update(
        "DELETE FROM run WHERE state <> 'running' AND updated < ?",
        clock.instant().minus(LIFETIME).toEpochMilli());
    open.update(
        """
        DELETE FROM run WHERE state <> 'running' AND id IN (
          SELECT id FROM run WHERE principal = ? ORDER BY updated DESC LIMIT -1 OFFSET ?)\
        """,
        principal,
        MOST_RUNS - 1);
  }

  @Override
  public Optional<RunRecord> take(String principal, String id) throws RunStoreException {
    return transaction(open -> {
      Optional<RunRecord> run = read(open, principal, id);
      if (run.isEmpty() || run.get().state() == RunState.FINISHED) {
        return run;
      }
      if (run.get().state() == RunState.RUNNING && !isAbandoned(open, id)) {
        throw new RunStoreException(
            RunStoreException.BUSY_RUN,
            "the run %s is being run; wait for it, or cancel the call that does".formatted(id),
            null);
      }
      open.update(
          "UPDATE run SET state = 'running', trouble = '', owner = ?, updated = ? WHERE id = ?",
          self,
          clock.instant().toEpochMilli(),
          id);
      mine.add(id);
      return read(open, principal, id);
    });
  }

  private boolean isAbandoned(SqliteFile.Transaction open, String id) throws SQLException {
    return open.first(
            "SELECT owner FROM run WHERE id = ? AND state = 'running'", row -> row.getString(1), id)
        .map(owner -> owner.equals(self) ? !mine.contains(id) : !ProcessOwner.lives(owner))
        .orElse(false);
  }

  @Override
  public boolean abandoned(String id) throws RunStoreException {
    return transaction(open -> isAbandoned(open, id));
  }

  @Override
  public Optional<RunRecord> find(String principal, String id) throws RunStoreException {
    return transaction(open -> read(open, principal, id));
  }

  private static Optional<RunRecord> read(SqliteFile.Transaction open, String principal, String id)
      throws SQLException {
    return select(open, "WHERE principal = ? AND id = ?", principal, id).stream().findFirst();
  }

  @Override
  public List<RunRecord> list(String principal, int limit) throws RunStoreException {
    return transaction(open ->
        select(open, "WHERE principal = ? ORDER BY updated DESC, id LIMIT ?", principal, limit));
  }

  private static List<RunRecord> select(SqliteFile.Transaction open, String where, Object... values)
      throws SQLException {
    return open.all("SELECT " + COLUMNS + " FROM run " + where, SqliteRunStore::run, values);
  }

  private static RunRecord run(ResultSet row) throws SQLException {
    return new RunRecord(
        row.getString("id"),
        row.getString("principal"),
        row.getString("flow"),
        JSON.readTree(row.getString("declaration")),
        (ObjectNode) JSON.readTree(row.getString("inputs")),
        row.getString("context_id"),
        RunState.of(row.getString("state")).orElseThrow(),
        Instant.ofEpochMilli(row.getLong("created")),
        Instant.ofEpochMilli(row.getLong("updated")),
        json(row.getString("output")),
        row.getString("trouble"));
  }

  private static Optional<JsonNode> json(String text) {
    return Optional.ofNullable(text).map(JSON::readTree);
  }

  @Override
  public List<StepRecord> steps(String id) throws RunStoreException {
    return transaction(open ->
        open.all(
            "SELECT address, tool, state, result, attempts, millis FROM step WHERE run = ?"
                + " ORDER BY number",
            row ->
                new StepRecord(
                    row.getString("address"),
                    row.getString("tool"),
                    StepRecord.State.valueOf(row.getString("state")),
                    json(row.getString("result")),
                    row.getInt("attempts"),
                    row.getLong("millis")),
            id));
  }

  @Override
  public void stepEnded(String id, StepRecord step) throws RunStoreException {
    transaction(open -> {
      open.update(
          """
          INSERT INTO step (run, number, address, tool, state, result, attempts, millis)
          VALUES (?1, (SELECT count(*) FROM step WHERE run = ?1), ?2, ?3, ?4, ?5, ?6, ?7)\
          """,
          id,
          step.address(),
          step.tool(),
          step.state().name(),
          step.result().map(JsonNode::toString).orElse(null),
          step.attempts(),
          step.millis());
      return touch(open, id);
    });
  }

  private int touch(SqliteFile.Transaction open, String id) throws SQLException {
    return open.update(
        "UPDATE run SET updated = ? WHERE id = ?", clock.instant().toEpochMilli(), id);
  }

  @Override
  public void contextOpened(String id, String contextId) throws RunStoreException {
    transaction(open -> open.update("UPDATE run SET context_id = ? WHERE id = ?", contextId, id));
  }

  @Override
  public void ended(String id, RunState state, Optional<JsonNode> output, String trouble)
      throws RunStoreException {
    try {
      transaction(open ->
          open.update(
              "UPDATE run SET state = ?, output = ?, trouble = ?, updated = ? WHERE id = ?",
              state.word(),
              output.map(JsonNode::toString).orElse(null),
              trouble,
              clock.instant().toEpochMilli(),
              id));
    } finally {
      synchronized (this) {
        mine.remove(id);
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
