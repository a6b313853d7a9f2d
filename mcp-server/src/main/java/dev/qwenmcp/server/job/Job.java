package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.ClientRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of a tool in the background, as it stands.
 *
 * @param id its handle
 * @param principal who may know of it
 * @param tool that is called
 * @param arguments of the call; those that go on where it was, once it has said so
 * @param state where it stands
 * @param progress what it last told
 * @param questions what it waits for, by key, while it requires input
 * @param ending how it ended, once it has
 * @param created when it was ordered
 * @param updated when something was last written
 */
public record Job(
    String id,
    String principal,
    String tool,
    ObjectNode arguments,
    JobState state,
    Optional<JobProgress> progress,
    SequencedMap<String, ClientRequest> questions,
    Optional<JobEnding> ending,
    Instant created,
    Instant updated) {
  /** How long a job's result is kept after its end. */
  public static final Duration LIFETIME = Duration.ofHours(24);

  public Job {
    questions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(questions));
  }

  /** When it goes: a day after its end; empty while it goes on. */
  public Optional<Instant> expires() {
    return state.ended() ? Optional.of(updated.plus(LIFETIME)) : Optional.empty();
  }

  Job at(JobState other, Instant now) {
    return new Job(
        id, principal, tool, arguments, other, progress, questions, ending, created, now);
  }

  Job told(JobProgress told, Instant now) {
    return new Job(
        id, principal, tool, arguments, state, Optional.of(told), questions, ending, created, now);
  }

  Job asking(SequencedMap<String, ClientRequest> asked, Instant now) {
    JobState next = asked.isEmpty() ? JobState.RUNNING : JobState.INPUT_REQUIRED;
    return new Job(id, principal, tool, arguments, next, progress, asked, ending, created, now);
  }

  Job goingOnWith(ObjectNode other, Instant now) {
    return new Job(id, principal, tool, other, state, progress, questions, ending, created, now);
  }

  /** The same at its end. */
  public Job ended(JobState end, JobEnding how, Instant now) {
    return new Job(
        id,
        principal,
        tool,
        arguments,
        end,
        progress,
        new LinkedHashMap<>(),
        Optional.of(how),
        created,
        now);
  }
}
