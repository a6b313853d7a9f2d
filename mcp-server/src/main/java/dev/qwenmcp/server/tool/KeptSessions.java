package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.Session;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Sessions of calls that are done, kept so that the next call whose prompt begins alike need not
 * read that beginning again: the next turn of a dialogue, the next task on a document.
 *
 * <p>What is reused gives the same bits as what is computed anew, so nobody sees a difference but
 * in time. Sessions are reused by the principal alone whose call made them, so that nobody learns
 * from the time what others asked. One per engine; safe for many threads.
 */
final class KeptSessions {
  /** Dialogues that go on side by side; more would rarely be found again. */
  private static final int MOST_SESSIONS = 8;

  /** Fewer tokens in common are not worth a copied page. */
  private static final int LEAST_TOKENS = 16;

  private final Engine engine;
  private final Deque<Kept> kept = new ArrayDeque<>();

  KeptSessions(Engine engine) {
    this.engine = engine;
  }

  private record Kept(String principal, Session session, int[] tokens) {}

  /**
   * A session that holds a beginning of a prompt.
   *
   * @param session to be closed or kept by the caller
   * @param rest of the prompt, at least one token
   */
  record Begun(Session session, int[] rest) {}

  /** A session that holds as much of the prompt as any kept one does, but for its last token. */
  Begun begin(String principal, int[] prompt) {
    synchronized (this) {
      Kept best = null;
      int most = LEAST_TOKENS - 1;
      for (Kept candidate : kept) {
        int common = Math.min(common(candidate.tokens, prompt), prompt.length - 1);
        if (candidate.principal.equals(principal) && common > most) {
          best = candidate;
          most = common;
        }
      }
      if (best != null) {
        Session session = best.session.fork();
        session.truncate(most);
        return new Begun(session, Arrays.copyOfRange(prompt, most, prompt.length));
      }
    }
    return new Begun(engine.newSession(), prompt);
  }

  /**
   * Takes a session over, in the place of those whose tokens it begins with; the longest unused go
   * once the kept ones together hold more than a full context.
   */
  synchronized void keep(String principal, Session session) {
    int[] tokens = session.tokens().stream().mapToInt(Integer::intValue).toArray();
    for (Kept other : List.copyOf(kept)) {
      if (other.principal.equals(principal)
          && common(other.tokens, tokens) == other.tokens.length) {
        drop(other);
      }
    }
    kept.addFirst(new Kept(principal, session, tokens));
    while (kept.size() > 1 && (kept.size() > MOST_SESSIONS || total() > engine.contextTokens())) {
      drop(kept.getLast());
    }
  }

  /** Gives the memory of all kept sessions back. */
  synchronized void clear() {
    List.copyOf(kept).forEach(this::drop);
  }

  private long total() {
    return kept.stream().mapToLong(k -> k.tokens.length).sum();
  }

  private void drop(Kept old) {
    kept.remove(old);
    old.session.close();
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }
}
