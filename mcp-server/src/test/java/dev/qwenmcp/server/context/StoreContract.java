package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A new {@link ContextStore} for each test of what stores promise. */
public abstract class StoreContract {
  static final String ANN = "ann";
  static final String BOB = "bob";
  static final Duration LIFETIME = Duration.ofHours(2);
  static final Duration REMEMBRANCE = Duration.ofHours(5);

  protected static final ContextLimits LIMITS =
      new ContextLimits(LIFETIME, REMEMBRANCE, 3, 8, 100, 250, 400);

  final SettableClock clock = new SettableClock();
  ContextStore store;

  /** A new, empty store. */
  protected abstract ContextStore create(
      ContextLimits limits, InstantSource clock, SecureRandom random) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = create(LIMITS, clock, new SecureRandom());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  protected static EntryDraft text(String text) {
    return EntryDraft.text("document", "test", text);
  }

  static List<EntryDraft> drafts(int count) {
    return IntStream.range(0, count).mapToObj(i -> text("")).toList();
  }

  static ContextException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    ContextException failure = catchThrowableOfType(ContextException.class, call);
    assertThat(failure).as("a ContextException").isNotNull();
    return failure;
  }
}
