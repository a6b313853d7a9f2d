package dev.qwenmcp.server.label.sql;

import dev.qwenmcp.server.label.LabelExample;
import dev.qwenmcp.server.label.LabelSetException;
import dev.qwenmcp.server.label.LabelSetException.Kind;
import dev.qwenmcp.server.label.LabelSetInfo;
import dev.qwenmcp.server.label.LabelSetLimits;
import dev.qwenmcp.server.label.LabelSetStore;
import dev.qwenmcp.server.label.StoredExample;
import dev.qwenmcp.server.store.SqliteFile;
import dev.qwenmcp.server.store.SqliteFile.Transaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps label sets in one SQLite file, which several servers may share. */
public final class SqliteLabelSetStore implements LabelSetStore {
  /** Thousands of examples may be added by another process in one transaction. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SqliteFile database;
  private final LabelSetLimits limits;
  private final InstantSource clock;

  private SqliteLabelSetStore(SqliteFile database, LabelSetLimits limits, InstantSource clock) {
    this.database = database;
    this.limits = limits;
    this.clock = clock;
  }

  /** Sets in {@code labels.db} of a folder; nothing is made before it is used. */
  public static SqliteLabelSetStore in(Path folder, LabelSetLimits limits, InstantSource clock) {
    return new SqliteLabelSetStore(
        SqliteFile.in(folder, "labels.db", LabelTables.SCHEMA, PATIENCE), limits, clock);
  }

  /** Sets that end with the store. */
  public static SqliteLabelSetStore inMemory(LabelSetLimits limits, InstantSource clock) {
    return new SqliteLabelSetStore(SqliteFile.inMemory(LabelTables.SCHEMA), limits, clock);
  }

  private <T> T read(SqliteFile.Work<T, LabelSetException> work) throws LabelSetException {
    try {
      return database.read(work);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private <T> T write(SqliteFile.Work<T, LabelSetException> work) throws LabelSetException {
    try {
      return database.write(work);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private LabelSetException failure(IOException e) {
    return new LabelSetException(
        Kind.STORAGE,
        "%s cannot be read or written (%s); check the disk, its free space and permissions"
            .formatted(database.place(), e.getMessage()),
        e);
  }

  @Override
  public Change define(String principal, String name, Map<String, String> labels, boolean replace)
      throws LabelSetException {
    return write(db -> {
      if (replace) {
        remove(db, principal, name);
      }
      long set = findOrMake(db, principal, name);
      Map<String, Long> known = labelIds(db, set);
      int added = 0;
      long bytes = 0;
      for (Map.Entry<String, String> label : labels.entrySet()) {
        bytes += bytes(label.getKey()) + bytes(label.getValue());
        if (!known.containsKey(label.getKey())) {
          insertLabel(db, set, label.getKey(), label.getValue());
          added++;
        } else if (!label.getValue().isEmpty()) {
          db.update(
              "UPDATE labels SET description = ? WHERE id = ?",
              label.getValue(),
              known.get(label.getKey()));
        }
      }
      changed(db, set, bytes);
      return checked(db, principal, set, added);
    });
  }

  @Override
  public Change add(String principal, String name, List<LabelExample> examples)
      throws LabelSetException {
    return write(db -> {
      long set = findOrMake(db, principal, name);
      Map<String, Long> labels = labelIds(db, set);
      int added = 0;
      long bytes = 0;
      try (PreparedStatement insert =
          db.prepare("INSERT OR IGNORE INTO examples (label_set, label, text) VALUES (?, ?, ?)")) {
        for (LabelExample example : examples) {
          Long label = labels.get(example.label());
          if (label == null) {
            label = insertLabel(db, set, example.label(), "");
            labels.put(example.label(), label);
            bytes += bytes(example.label());
          }
          insert.setLong(1, set);
          insert.setLong(2, label);
          insert.setString(3, example.text());
          int rows = insert.executeUpdate();
          added += rows;
          bytes += rows * bytes(example.text());
        }
      }
      if (added > 0 || bytes > 0) {
        changed(db, set, bytes);
      }
      return checked(db, principal, set, added);
    });
  }

  /** The change, unless it went beyond the limits; the transaction is then undone. */
  private Change checked(Transaction db, String principal, long set, int added)
      throws SQLException, LabelSetException {
    LabelSetInfo info = read(db, set);
    long sets = db.number("SELECT count(*) FROM label_sets WHERE principal = ?", principal);
    long bytes =
        db.number("SELECT coalesce(sum(bytes), 0) FROM label_sets WHERE principal = ?", principal);
    require(sets, limits.sets(), "label sets");
    require(info.labels().size(), limits.labels(), "labels in the set");
    require(info.examples(), limits.examples(), "examples in the set");
    require(bytes, limits.bytes(), "bytes in all label sets");
    return new Change(added, info);
  }

  private static void require(long found, long most, String what) throws LabelSetException {
    if (found > most) {
      throw new LabelSetException(
          Kind.QUOTA,
          "that would make %,d %s, at most %,d are kept; nothing was added. Delete a set or give less"
              .formatted(found, what, most));
    }
  }

  @Override
  public LabelSetInfo info(String principal, String name) throws LabelSetException {
    return read(db -> {
      Optional<Long> set = find(db, principal, name);
      if (set.isEmpty()) {
        List<String> others =
            db.all(
                "SELECT name FROM label_sets WHERE principal = ? ORDER BY name LIMIT 20",
                row -> row.getString(1),
                principal);
        throw new LabelSetException(
            Kind.UNKNOWN,
            "there is no label set \"%s\"; %s"
                .formatted(
                    name,
                    others.isEmpty()
                        ? "define one with label_set"
                        : "there are: " + String.join(", ", others)));
      }
      return read(db, set.get());
    });
  }

  @Override
  public List<LabelSetInfo> list(String principal) throws LabelSetException {
    return read(db -> {
      List<LabelSetInfo> result = new ArrayList<>();
      for (long id :
          db.all(
              "SELECT id FROM label_sets WHERE principal = ? ORDER BY name",
              row -> row.getLong(1),
              principal)) {
        result.add(read(db, id));
      }
      return result;
    });
  }

  @Override
  public List<StoredExample> examples(long set, String label, long after, int limit)
      throws LabelSetException {
    return read(db ->
        db.all(
            """
            SELECT e.id, e.text, l.name FROM examples e JOIN labels l ON l.id = e.label
            WHERE e.label_set = ? AND e.id > ? AND (? = '' OR l.name = ?)
            ORDER BY e.id LIMIT ?\
            """,
            row ->
                new StoredExample(
                    row.getLong(1), new LabelExample(row.getString(2), row.getString(3))),
            set,
            after,
            label,
            label,
            limit));
  }

  @Override
  public boolean delete(String principal, String name) throws LabelSetException {
    return write(db -> remove(db, principal, name));
  }

  @Override
  public Map<Long, float[]> vectors(long set, String embedder) throws LabelSetException {
    return read(db -> {
      Map<Long, float[]> result = new HashMap<>();
      db.all(
          """
          SELECT v.example, v.vector FROM examples e JOIN vectors v ON v.example = e.id
          WHERE e.label_set = ? AND v.embedder = ?\
          """,
          row -> result.put(row.getLong(1), floats(row.getBytes(2))),
          set,
          embedder);
      return result;
    });
  }

  @Override
  public void saveVectors(long set, String embedder, Map<Long, float[]> vectors)
      throws LabelSetException {
    write(db -> {
      // An example may have been removed meanwhile.
      try (PreparedStatement insert =
          db.prepare(
              """
              INSERT OR REPLACE INTO vectors (example, embedder, vector)
              SELECT id, ?, ? FROM examples WHERE id = ? AND label_set = ?\
              """)) {
        for (Map.Entry<Long, float[]> vector : vectors.entrySet()) {
          insert.setString(1, embedder);
          insert.setBytes(2, bytes(vector.getValue()));
          insert.setLong(3, vector.getKey());
          insert.setLong(4, set);
          insert.executeUpdate();
        }
      }
      return vectors.size();
    });
  }

  @Override
  public Optional<byte[]> classifier(long set, String embedder, long revision)
      throws LabelSetException {
    return read(db ->
        db
            .all(
                "SELECT classifier FROM classifiers WHERE label_set = ? AND embedder = ? AND revision = ?",
                row -> row.getBytes(1),
                set,
                embedder,
                revision)
            .stream()
            .findFirst());
  }

  @Override
  public void saveClassifier(long set, String embedder, long revision, byte[] classifier)
      throws LabelSetException {
    write(db ->
        db.update(
            """
            INSERT OR REPLACE INTO classifiers (label_set, embedder, revision, classifier)
            SELECT id, ?, ?, ? FROM label_sets WHERE id = ? AND revision = ?\
            """,
            embedder,
            revision,
            classifier,
            set,
            revision));
  }

  @Override
  public void close() {
    database.close();
  }

  private static Optional<Long> find(Transaction db, String principal, String name)
      throws SQLException {
    return db
        .all(
            "SELECT id FROM label_sets WHERE principal = ? AND name = ?",
            row -> row.getLong(1),
            principal,
            name)
        .stream()
        .findFirst();
  }

  private long findOrMake(Transaction db, String principal, String name) throws SQLException {
    Optional<Long> known = find(db, principal, name);
    if (known.isPresent()) {
      return known.get();
    }
    long now = clock.millis();
    db.update(
        "INSERT INTO label_sets (principal, name, revision, bytes, created, changed) VALUES (?, ?, 0, 0, ?, ?)",
        principal,
        name,
        now,
        now);
    return db.number("SELECT last_insert_rowid()");
  }

  private static boolean remove(Transaction db, String principal, String name) throws SQLException {
    return db.update("DELETE FROM label_sets WHERE principal = ? AND name = ?", principal, name)
        > 0;
  }

  private static Map<String, Long> labelIds(Transaction db, long set) throws SQLException {
    Map<String, Long> ids = new HashMap<>();
    db.all(
        "SELECT name, id FROM labels WHERE label_set = ?",
        row -> ids.put(row.getString(1), row.getLong(2)),
        set);
    return ids;
  }

  private static long insertLabel(Transaction db, long set, String name, String description)
      throws SQLException {
    db.update(
        "INSERT INTO labels (label_set, name, description) VALUES (?, ?, ?)",
        set,
        name,
        description);
    return db.number("SELECT last_insert_rowid()");
  }

  private void changed(Transaction db, long set, long bytes) throws SQLException {
    db.update(
        "UPDATE label_sets SET revision = revision + 1, bytes = bytes + ?, changed = ? WHERE id = ?",
        bytes,
        clock.millis(),
        set);
  }

  private static LabelSetInfo read(Transaction db, long set) throws SQLException {
    Map<Long, LabelSetInfo.Label> labels = new LinkedHashMap<>();
    db.all(
        """
        SELECT l.id, l.name, l.description,
          (SELECT count(*) FROM examples e WHERE e.label_set = l.label_set AND e.label = l.id)
        FROM labels l WHERE l.label_set = ? ORDER BY l.id\
        """,
        row ->
            labels.put(
                row.getLong(1),
                new LabelSetInfo.Label(row.getString(2), row.getString(3), row.getInt(4))),
        set);
    return db.all(
            "SELECT name, revision, bytes, created, changed FROM label_sets WHERE id = ?",
            row ->
                new LabelSetInfo(
                    set,
                    row.getString(1),
                    row.getLong(2),
                    List.copyOf(labels.values()),
                    row.getLong(3),
                    Instant.ofEpochMilli(row.getLong(4)),
                    Instant.ofEpochMilli(row.getLong(5))),
            set)
        .getFirst();
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static byte[] bytes(float[] vector) {
    ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES);
    buffer.asFloatBuffer().put(vector);
    return buffer.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(vector);
    return vector;
  }
}
