package dev.qwenmcp.server.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps jobs; safe for many threads, and for many processes of one folder. What a method that
 * changes something returns from is kept.
 *
 * <p>A job that goes on belongs to the process that runs it. Once that is gone, the job reads as
 * interrupted.
 */
public interface JobStore extends AutoCloseable {

  /**
   * Writes a new job down, owned by this process; old ones that ended go if there are too many.
   *
   * @throws JobStoreException with {@link JobStoreException#TOO_MANY} if too many of the principal
   *     go on
   */
  void begin(Job job) throws JobStoreException;

  /** Writes down how one of this process's jobs stands; its end gives it up. */
  void write(Job job) throws JobStoreException;

  /** A principal's job. */
  Optional<Job> find(String principal, String id) throws JobStoreException;

  /** A principal's jobs, the latest first. */
  List<Job> list(String principal, int limit) throws JobStoreException;

  /** Asks whoever runs a job to stop it. */
  void wantCancelled(String id) throws JobStoreException;

  /** Hands answers to whoever runs a job; one that is there already stands. */
  void answer(String id, Map<String, ObjectNode> answers) throws JobStoreException;

  /**
   * What others want of a job of this process.
   *
   * @param cancelled whether it is to stop
   * @param answers that have come, by key
   */
  record Wishes(boolean cancelled, Map<String, ObjectNode> answers) {}

  /** What others want of this process's jobs. */
  Map<String, Wishes> wishes(Set<String> ids) throws JobStoreException;

  /** Forgets a job. */
  void remove(String id) throws JobStoreException;

  @Override
  void close();
}
