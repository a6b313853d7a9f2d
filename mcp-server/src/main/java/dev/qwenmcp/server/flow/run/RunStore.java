package dev.qwenmcp.server.flow.run;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Keeps runs and the results of their steps; safe for many threads. What a method that changes
 * something returns from is kept.
 */
public interface RunStore extends AutoCloseable {

  /** Writes a new run down, owned by this process. */
  void begin(RunRecord run) throws RunStoreException;

  /**
   * Takes a run to go on with it.
   *
   * @return the run as it is now; empty if the principal has no such run
   * @throws RunStoreException with {@link RunStoreException#BUSY_RUN} if somebody is running it
   */
  Optional<RunRecord> take(String principal, String id) throws RunStoreException;

  /** A principal's run. */
  Optional<RunRecord> find(String principal, String id) throws RunStoreException;

  /** A principal's runs, the latest first. */
  List<RunRecord> list(String principal, int limit) throws RunStoreException;

  /** Steps of a run that have ended, in the order in which they did. */
  List<StepRecord> steps(String id) throws RunStoreException;

  /** Writes the end of a step down; a second end of the same step is refused. */
  void stepEnded(String id, StepRecord step) throws RunStoreException;

  /** Writes the context of a run down. */
  void contextOpened(String id, String contextId) throws RunStoreException;

  /** Writes down that a run has ended or stands still, and gives it up. */
  void ended(String id, RunState state, Optional<JsonNode> output, String trouble)
      throws RunStoreException;

  /** Whether a run that is written down as running has nobody who runs it. */
  boolean abandoned(String id) throws RunStoreException;

  @Override
  void close();
}
