package dev.qwenmcp.server.job.sql;

import dev.qwenmcp.server.job.Job;
import dev.qwenmcp.server.job.JobEnding;
import dev.qwenmcp.server.job.JobState;
import dev.qwenmcp.server.job.JobStore;
import dev.qwenmcp.server.job.JobStoreException;
import dev.qwenmcp.server.store.ProcessOwner;
import dev.qwenmcp.server.store.SqliteFile;
import dev.qwenmcp.server.store.SqliteSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Jobs in one SQLite database: {@code jobs.db} of the data folder, or memory. */
public final class SqliteJobStore implements JobStore {
  private static final String FILE = "jobs.db";

  /** Jobs of a principal that go on at once, over all processes. */
  private static final int MOST_GOING = 100;

  /** Jobs of a principal that ended and are kept; older ones go first. */
  private static final int MOST_ENDED = 1000;

  private static final String GOING = "('queued', 'running', 'input_required')";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final SqliteSchema SCHEMA =
      new SqliteSchema(
          1,
          List.of(
              """
              CREATE TABLE IF NOT EXISTS job (
                id TEXT PRIMARY KEY, principal TEXT NOT NULL, tool TEXT NOT NULL,
                arguments TEXT NOT NULL, state TEXT NOT NULL, done REAL, total REAL, message TEXT,
                questions TEXT NOT NULL, result TEXT, error TEXT, created INTEGER NOT NULL,
                updated INTEGER NOT NULL, owner TEXT NOT NULL,
                cancel_wanted INTEGER NOT NULL DEFAULT 0, answers TEXT NOT NULL DEFAULT '{}')\
              """,
              "CREATE INDEX IF NOT EXISTS job_of ON job (principal, created)"));

  private final SqliteFile file;
  private final InstantSource clock;
  private final String self = ProcessOwner.current();

  /** Jobs that threads of this store's process are running. */
  private final Set<String> mine = new HashSet<>();

  private SqliteJobStore(SqliteFile file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Keeps jobs in a folder, which is made if need be. */
  public static SqliteJobStore in(Path folder, InstantSource clock) {
    return new SqliteJobStore(SqliteFile.in(folder, FILE, SCHEMA, PATIENCE), clock);
  }

  /** Keeps jobs until it is closed. */
  public static SqliteJobStore inMemory(InstantSource clock) {
    return new SqliteJobStore(SqliteFile.inMemory(SCHEMA), clock);
  }

  private synchronized <T> T transaction(SqliteFile.Work<T, JobStoreException> work)
      throws JobStoreException {
    try {
      return file.write(work);
    } catch (IOException e) {
      throw new JobStoreException(
          JobStoreException.STORAGE,
          "jobs cannot be kept in %s: %s; mend that, or start the server with --contexts memory"
              .formatted(file.place(), e.getMessage()),
          e);
    }
  }

  @Override
  public void begin(Job job) throws JobStoreException {
    transaction(open -> {
      long now = clock.millis();
      interruptAbandoned(open, job.principal());
      open.update(
          "DELETE FROM job WHERE state NOT IN " + GOING + " AND updated < ?",
          now - Job.LIFETIME.toMillis());
      open.update(
          "DELETE FROM job WHERE state NOT IN "
              + GOING
              + " AND id IN (SELECT id FROM job WHERE principal = ? AND state NOT IN "
              + GOING
              + " ORDER BY updated DESC LIMIT -1 OFFSET ?)",
          job.principal(),
          MOST_ENDED - 1);
      int going =
          open.first(
                  "SELECT count(*) FROM job WHERE principal = ? AND state IN " + GOING,
                  row -> row.getInt(1),
                  job.principal())
              .orElseThrow();
      if (going >= MOST_GOING) {
        throw new JobStoreException(
            JobStoreException.TOO_MANY,
            "%d jobs go on, which is the limit; wait for one to end, or cancel one"
                .formatted(going),
            null);
      }
      open.update(
          """
          INSERT INTO job (id, principal, tool, arguments, state, questions, created, updated, owner)
          VALUES (?, ?, ?, ?, ?, '{}', ?, ?, ?)\
          """,
          job.id(),
          job.principal(),
          job.tool(),
          job.arguments().toString(),
          job.state().word(),
          job.created().toEpochMilli(),
          job.updated().toEpochMilli(),
          self);
      mine.add(job.id());
      return null;
    });
  }

  @Override
  public void write(Job job) throws JobStoreException {
    transaction(open ->
        open.update(
            """
            UPDATE job SET arguments = ?, state = ?, done = ?, total = ?, message = ?,
              questions = ?, result = ?, error = ?, updated = ?
            WHERE id = ? AND owner = ? AND state IN ('queued', 'running', 'input_required')\
            """,
            job.arguments().toString(),
            job.state().word(),
            job.progress().map(p -> (Object) p.done()).orElse(null),
            job.progress().map(p -> (Object) p.total()).orElse(null),
            job.progress().map(p -> (Object) p.message()).orElse(null),
            JobRows.questions(job.questions()).toString(),
            job.ending().map(JobRows::result).orElse(null),
            job.ending().map(JobRows::error).orElse(null),
            job.updated().toEpochMilli(),
            job.id(),
            self));
    if (job.state().ended()) {
      synchronized (this) {
        mine.remove(job.id());
      }
    }
  }

  @Override
  public Optional<Job> find(String principal, String id) throws JobStoreException {
    return transaction(open -> {
      interruptAbandoned(open, principal);
      return open.first(
          JobRows.SELECT
              + " WHERE principal = ? AND id = ? AND (state IN "
              + GOING
              + " OR updated >= ?)",
          JobRows::read,
          principal,
          id,
          oldest());
    });
  }

  @Override
  public List<Job> list(String principal, int limit) throws JobStoreException {
    return transaction(open -> {
      interruptAbandoned(open, principal);
      return open.all(
          JobRows.SELECT
              + " WHERE principal = ? AND (state IN "
              + GOING
              + " OR updated >= ?) ORDER BY created DESC, id LIMIT ?",
          JobRows::read,
          principal,
          oldest(),
          limit);
    });
  }

  private long oldest() {
    return clock.instant().minus(Job.LIFETIME).toEpochMilli();
  }

  /** Says of jobs whose process is gone that nobody runs them. */
  private void interruptAbandoned(SqliteFile.Transaction open, String principal)
      throws SQLException {
    record Going(String id, String owner) {}
    List<Going> going =
        open.all(
            "SELECT id, owner FROM job WHERE principal = ? AND state IN " + GOING,
            row -> new Going(row.getString(1), row.getString(2)),
            principal);
    Instant now = clock.instant();
    for (Going each : going) {
      boolean lives =
          each.owner().equals(self) ? mine.contains(each.id()) : ProcessOwner.lives(each.owner());
      if (!lives) {
        open.update(
            "UPDATE job SET state = ?, questions = '{}', error = ?, updated = ? WHERE id = ?",
            JobState.INTERRUPTED.word(),
            JobEnding.INTERRUPTED.error().toString(),
            now.toEpochMilli(),
            each.id());
      }
    }
  }

  @Override
  public void wantCancelled(String id) throws JobStoreException {
    transaction(open -> open.update("UPDATE job SET cancel_wanted = 1 WHERE id = ?", id));
  }

  @Override
  public void answer(String id, Map<String, ObjectNode> answers) throws JobStoreException {
    transaction(open -> {
      ObjectNode all =
          open.first(
                  "SELECT answers FROM job WHERE id = ?",
                  row -> JobRows.object(row.getString(1)),
                  id)
              .orElseThrow(() -> new SQLException("the job " + id + " is gone"));
      answers.forEach((key, answer) -> {
        if (!all.has(key)) {
          all.set(key, answer);
        }
      });
      return open.update("UPDATE job SET answers = ? WHERE id = ?", all.toString(), id);
    });
  }

  @Override
  public Map<String, Wishes> wishes(Set<String> ids) throws JobStoreException {
    return transaction(open -> {
      Map<String, Wishes> wishes = new HashMap<>();
      for (String id : ids) {
        open.first(
                "SELECT cancel_wanted, answers FROM job WHERE id = ?",
                row -> new Wishes(row.getInt(1) == 1, JobRows.objects(row.getString(2))),
                id)
            .ifPresent(wish -> wishes.put(id, wish));
      }
      return wishes;
    });
  }

  @Override
  public void remove(String id) throws JobStoreException {
    transaction(open -> {
      mine.remove(id);
      return open.update("DELETE FROM job WHERE id = ?", id);
    });
  }

  @Override
  public void close() {
    file.close();
  }
}
