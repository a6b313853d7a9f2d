package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qwenmcp.engine.Usage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ContextStore} promises; a store's test extends this and creates the store. */
public abstract class ContextStoreContract {
  private static final String ANN = "ann";
  private static final String BOB = "bob";
  private static final Duration LIFETIME = Duration.ofHours(2);
  private static final Duration REMEMBRANCE = Duration.ofHours(5);

  protected static final ContextLimits LIMITS =
      new ContextLimits(LIFETIME, REMEMBRANCE, 3, 8, 100, 250, 400);

  private final SettableClock clock = new SettableClock();
  private ContextStore store;

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

  @Test
  void opensAnEmptyContextWithItsLifetime() throws Exception {
    ContextInfo info = store.open(ANN, "Ticket 7");

    assertThat(info.id().value()).matches("ctx_[A-Za-z0-9_-]{27}");
    assertThat(info.title()).isEqualTo("Ticket 7");
    assertThat(info.entries()).isZero();
    assertThat(info.bytes()).isZero();
    assertThat(info.created()).isEqualTo(clock.instant());
    assertThat(info.expires()).isEqualTo(clock.instant().plus(LIFETIME));
    assertThat(store.lifetimeInWords()).isEqualTo("2 h");
  }

  @Test
  void keepsEveryPartOfAnEntry() throws Exception {
    ContextId id = store.open(ANN, "").id();
    Usage usage = new Usage(10, 4, 2, 3, 0.5, 0.25);
    EntryDraft draft =
        new EntryDraft(
            "result",
            "generate",
            new ModelIdentity("nano", "abc"),
            "Grüße 🙂",
            "{\"a\":1}",
            List.of(5, 6),
            usage);

    List<Entry> appended = store.append(ANN, id, List.of(draft));

    Instant now = clock.instant();
    assertThat(appended)
        .containsExactly(
            new Entry(
                0,
                "result",
                "generate",
                new ModelIdentity("nano", "abc"),
                "Grüße 🙂",
                "{\"a\":1}",
                List.of(5, 6),
                usage,
                now));
    assertThat(store.read(ANN, id, 0, 10)).isEqualTo(appended);
    // 12 bytes of text, 7 of JSON, two token ids.
    assertThat(store.info(ANN, id).bytes()).isEqualTo(12 + 7 + 8);
  }

  @Test
  void numbersEntriesInTheOrderOfTheirArrival() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.append(ANN, id, List.of(text("a"), text("b")));
    store.append(ANN, id, List.of(text("c")));

    assertThat(store.read(ANN, id, 0, 10)).extracting(Entry::index).containsExactly(0, 1, 2);
    assertThat(store.read(ANN, id, 1, 1)).extracting(Entry::text).containsExactly("b");
    assertThat(store.read(ANN, id, 3, 10)).isEmpty();
    assertThat(store.read(ANN, id, Integer.MAX_VALUE, Integer.MAX_VALUE)).isEmpty();
    assertThat(store.read(ANN, id, 0, 0)).isEmpty();
  }

  @Test
  void refusesNegativePositions() throws Exception {
    ContextId id = store.open(ANN, "").id();

    assertThatThrownBy(() -> store.read(ANN, id, -1, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.read(ANN, id, 0, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givesListsThatLaterAppendsDoNotChange() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.append(ANN, id, List.of(text("a")));
    List<Entry> before = store.read(ANN, id, 0, 10);

    store.append(ANN, id, List.of(text("b")));

    assertThat(before).hasSize(1);
  }

  @Test
  void renewsTheLifetimeWithEveryUse() throws Exception {
    ContextId id = store.open(ANN, "").id();
    Duration nearly = LIFETIME.minusSeconds(1);

    clock.advance(nearly);
    store.append(ANN, id, List.of(text("a")));
    clock.advance(nearly);
    store.read(ANN, id, 0, 1);
    clock.advance(nearly);

    assertThat(store.info(ANN, id).expires()).isEqualTo(clock.instant().plus(LIFETIME));
  }

  @Test
  void saysThatAContextHasExpiredAndLaterForgetsIt() throws Exception {
    ContextId id = store.open(ANN, "").id();
    clock.advance(LIFETIME);

    assertThat(failure(() -> store.info(ANN, id)).kind()).isEqualTo(ContextException.Kind.EXPIRED);
    assertThat(failure(() -> store.append(ANN, id, List.of(text("a")))))
        .hasMessageContaining(id.value())
        .hasMessageContaining("2 h")
        .hasMessageContaining("expired at 2026-01-01T02:00:00Z")
        .hasMessageContaining("open a new one");
    // Not even its owner's asking makes it live again.
    assertThat(failure(() -> store.read(ANN, id, 0, 1)).kind())
        .isEqualTo(ContextException.Kind.EXPIRED);

    clock.advance(REMEMBRANCE);
    assertThat(failure(() -> store.info(ANN, id)).kind()).isEqualTo(ContextException.Kind.UNKNOWN);
  }

  @Test
  void hidesContextsFromEverybodyElse() throws Exception {
    ContextId id = store.open(ANN, "").id();
    ContextId never = ContextId.random(new SecureRandom());
    String unknown = failure(() -> store.info(BOB, never)).getMessage();

    assertSameButForTheId(failure(() -> store.info(BOB, id)), unknown, id, never);
    assertSameButForTheId(failure(() -> store.read(BOB, id, 0, 1)), unknown, id, never);
    assertSameButForTheId(
        failure(() -> store.append(BOB, id, List.of(text("x")))), unknown, id, never);
    clock.advance(LIFETIME);
    assertSameButForTheId(failure(() -> store.info(BOB, id)), unknown, id, never);
  }

  private static void assertSameButForTheId(
      ContextException actual, String unknown, ContextId id, ContextId never) {
    assertThat(actual.kind()).isEqualTo(ContextException.Kind.UNKNOWN);
    assertThat(actual.getMessage().replace(id.value(), never.value())).isEqualTo(unknown);
  }

  @Test
  void doesNotRenewALifetimeForSomebodyElse() throws Exception {
    ContextId id = store.open(ANN, "").id();
    clock.advance(LIFETIME.minusSeconds(1));
    failure(() -> store.info(BOB, id));
    clock.advance(Duration.ofSeconds(1));

    assertThat(failure(() -> store.info(ANN, id)).kind()).isEqualTo(ContextException.Kind.EXPIRED);
  }

  @Test
  void takesHandlesThatItNeverMade() {
    for (String value : List.of("", "ctx_", "ctx_'; DROP TABLE contexts; --", "\u0000", "🙂")) {
      assertThat(failure(() -> store.info(ANN, new ContextId(value))).kind())
          .isEqualTo(ContextException.Kind.UNKNOWN);
    }
  }

  @Test
  void limitsContextsOfEachPrincipal() throws Exception {
    for (int i = 0; i < LIMITS.contextsPerPrincipal(); i++) {
      store.open(ANN, "");
    }

    assertThat(failure(() -> store.open(ANN, "")))
        .hasMessageContaining("3 allowed")
        .extracting(ContextException::kind)
        .isEqualTo(ContextException.Kind.QUOTA);
    store.open(BOB, "");
    clock.advance(LIFETIME);
    store.open(ANN, "");
  }

  @Test
  void limitsEntriesOfAContext() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.append(ANN, id, drafts(LIMITS.entriesPerContext() - 1));

    assertQuota(id, drafts(2), "8 allowed");
    store.append(ANN, id, drafts(1));
    assertQuota(id, drafts(1), "8 allowed");
    store.append(ANN, id, List.of());
  }

  @Test
  void limitsBytesOfAnEntryOfAContextAndOfAll() throws Exception {
    ContextId first = store.open(ANN, "").id();
    assertQuota(first, List.of(text("x".repeat(101))), "100 allowed");
    assertQuota(first, List.of(text("é".repeat(51))), "102 wanted, 100 allowed");

    store.append(ANN, first, List.of(text("x".repeat(100)), text("y".repeat(100))));
    assertQuota(first, List.of(text("z".repeat(51))), "250 allowed");
    store.append(ANN, first, List.of(text("z".repeat(50))));

    ContextId second = store.open(BOB, "").id();
    store.append(BOB, second, List.of(text("x".repeat(100))));
    ContextException full = failure(() -> store.append(BOB, second, List.of(text("x".repeat(51)))));
    assertThat(full).hasMessageContaining("400 allowed");
    assertThat(full.kind()).isEqualTo(ContextException.Kind.QUOTA);
    clock.advance(LIFETIME.minusMinutes(1));
    store.info(BOB, second);
    clock.advance(Duration.ofMinutes(1));
    store.append(BOB, second, List.of(text("x".repeat(51))));
  }

  private void assertQuota(ContextId id, List<EntryDraft> drafts, String message)
      throws ContextException {
    ContextInfo before = store.info(ANN, id);
    ContextException refused = failure(() -> store.append(ANN, id, drafts));
    assertThat(refused).hasMessageContaining(message);
    assertThat(refused.kind()).isEqualTo(ContextException.Kind.QUOTA);
    assertThat(store.info(ANN, id)).isEqualTo(before);
  }

  @Test
  void appendsAllOrNothing() throws Exception {
    ContextId id = store.open(ANN, "").id();

    failure(() -> store.append(ANN, id, List.of(text("fits"), text("x".repeat(101)))));

    assertThat(store.read(ANN, id, 0, 10)).isEmpty();
    assertThat(store.info(ANN, id).bytes()).isZero();
  }

  @Test
  void keepsAppendsOfManyThreadsWholeAndInOrder() throws Exception {
    int threads = 8;
    int appends = 50;
    ContextLimits wide =
        new ContextLimits(LIFETIME, REMEMBRANCE, 10, 10_000, 1 << 20, 1 << 20, 1 << 20);
    try (ContextStore shared = create(wide, clock, new SecureRandom());
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      ContextId id = shared.open(ANN, "").id();
      List<Callable<Void>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String name = "t" + t;
        work.add(() -> {
          for (int i = 0; i < appends; i++) {
            shared.append(ANN, id, List.of(text(name + ":" + i), text(name + ":" + i + "b")));
          }
          return null;
        });
      }
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }

      List<Entry> all = shared.read(ANN, id, 0, Integer.MAX_VALUE);
      assertThat(all).hasSize(threads * appends * 2);
      for (int i = 0; i < all.size(); i += 2) {
        assertThat(all.get(i).index()).isEqualTo(i);
        assertThat(all.get(i + 1).text()).isEqualTo(all.get(i).text() + "b");
      }
      for (int t = 0; t < threads; t++) {
        String prefix = "t" + t + ":";
        assertThat(all.stream().map(Entry::text).filter(s -> s.startsWith(prefix)))
            .containsExactlyElementsOf(
                IntStream.range(0, appends)
                    .boxed()
                    .flatMap(i -> List.of(prefix + i, prefix + i + "b").stream())
                    .toList());
      }
    }
  }

  @Test
  void refusesToAppendToAContextThatHasGrown() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.append(ANN, id, List.of(text("a")), OptionalInt.of(0));

    ContextException refused =
        failure(() -> store.append(ANN, id, List.of(text("b")), OptionalInt.of(0)));

    assertThat(refused)
        .isInstanceOfSatisfying(
            VersionConflictException.class,
            conflict -> {
              assertThat(conflict.expected()).isZero();
              assertThat(conflict.current()).isEqualTo(1);
            })
        .hasMessageContaining("expected_version 1");
    assertThat(store.read(ANN, id, 0, 9)).extracting(Entry::text).containsExactly("a");
    store.append(ANN, id, List.of(text("b")), OptionalInt.of(1));
  }

  @Test
  void oneOfManyWinsWhoExpectTheSameVersion() throws Exception {
    ContextId id = store.open(ANN, "").id();
    try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
      List<Callable<Boolean>> racers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String text = "t" + i;
        racers.add(() -> {
          try {
            store.append(ANN, id, List.of(text(text)), OptionalInt.of(0));
            return true;
          } catch (VersionConflictException e) {
            return false;
          }
        });
      }
      int winners = 0;
      for (Future<Boolean> racer : pool.invokeAll(racers)) {
        winners += racer.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    }
    assertThat(store.info(ANN, id).entries()).isEqualTo(1);
  }

  @Test
  void describesEntriesWithoutTheirContent() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.append(ANN, id, List.of(text("a"), text("Grüße 🙂")));

    EntryHead head = store.heads(ANN, id, 1, 9).getFirst();

    assertThat(head.index()).isEqualTo(1);
    assertThat(head.role()).isEqualTo("document");
    assertThat(head.tool()).isEqualTo("test");
    assertThat(head.bytes()).isEqualTo(12);
    assertThat(head.textDigest()).isEqualTo(EntryHead.digest("Grüße 🙂"));
    assertThat(head.created()).isEqualTo(clock.instant());
    assertThat(store.heads(ANN, id, 0, 1)).extracting(EntryHead::index).containsExactly(0);
  }

  @Test
  void aForkBeginsWithSharedEntriesAndGoesItsOwnWay() throws Exception {
    ContextId origin = store.open(ANN, "origin").id();
    store.append(ANN, origin, List.of(text("a"), text("bb"), text("ccc")));

    ContextInfo fork = store.fork(ANN, origin, OptionalInt.of(2), "fork");
    store.append(ANN, fork.id(), List.of(text("x")));
    store.append(ANN, origin, List.of(text("d")));

    assertThat(fork.title()).isEqualTo("fork");
    assertThat(fork.entries()).isEqualTo(2);
    assertThat(fork.bytes()).isEqualTo(3);
    assertThat(store.read(ANN, fork.id(), 0, 9))
        .extracting(Entry::text)
        .containsExactly("a", "bb", "x");
    assertThat(store.read(ANN, fork.id(), 1, 2)).extracting(Entry::index).containsExactly(1, 2);
    assertThat(store.heads(ANN, fork.id(), 0, 9))
        .extracting(EntryHead::index)
        .containsExactly(0, 1, 2);
    assertThat(store.read(ANN, origin, 0, 9))
        .extracting(Entry::text)
        .containsExactly("a", "bb", "ccc", "d");
    assertThat(store.info(ANN, fork.id()).bytes()).isEqualTo(4);
  }

  @Test
  void aForkOutlivesItsOrigin() throws Exception {
    ContextLimits wide = new ContextLimits(LIFETIME, REMEMBRANCE, 10, 99, 100, 1000, 1000);
    try (ContextStore shared = create(wide, clock, new SecureRandom())) {
      ContextId origin = shared.open(ANN, "").id();
      shared.append(ANN, origin, List.of(text("a"), text("b"), text("c")));
      ContextId child = shared.fork(ANN, origin, OptionalInt.of(2), "").id();
      shared.append(ANN, child, List.of(text("d")));
      ContextId grandchild = shared.fork(ANN, child, OptionalInt.empty(), "").id();
      ContextId early = shared.fork(ANN, grandchild, OptionalInt.of(1), "").id();

      shared.end(ANN, origin);
      shared.end(ANN, child);

      assertThat(shared.read(ANN, grandchild, 0, 9))
          .extracting(Entry::text)
          .containsExactly("a", "b", "d");
      shared.end(ANN, grandchild);
      assertThat(shared.read(ANN, early, 0, 9)).extracting(Entry::text).containsExactly("a");
      shared.append(ANN, early, List.of(text("z")));
      assertThat(shared.read(ANN, early, 0, 9)).extracting(Entry::text).containsExactly("a", "z");
    }
  }

  @Test
  void forksOnlyWhatIsThereAndMayBeSeen() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.append(ANN, id, List.of(text("a")));

    assertThat(failure(() -> store.fork(ANN, id, OptionalInt.of(2), "")).kind())
        .isEqualTo(ContextException.Kind.CONFLICT);
    assertThat(failure(() -> store.fork(ANN, id, OptionalInt.of(-1), "")).kind())
        .isEqualTo(ContextException.Kind.CONFLICT);
    assertThat(failure(() -> store.fork(BOB, id, OptionalInt.empty(), "")).kind())
        .isEqualTo(ContextException.Kind.UNKNOWN);
  }

  @Test
  void aPinnedContextStays() throws Exception {
    ContextId id = store.open(ANN, "").id();
    assertThat(store.pin(ANN, id, true).pinned()).isTrue();
    clock.advance(LIFETIME.multipliedBy(3));

    assertThat(store.info(ANN, id).pinned()).isTrue();

    assertThat(store.pin(ANN, id, false).pinned()).isFalse();
    clock.advance(LIFETIME);
    assertThat(failure(() -> store.info(ANN, id)).kind()).isEqualTo(ContextException.Kind.EXPIRED);
  }

  @Test
  void aClosedContextSaysSoToItsOwnerAloneAndMakesRoom() throws Exception {
    ContextId id = store.open(ANN, "mine").id();
    store.append(ANN, id, List.of(text("x".repeat(100)), text("y".repeat(100))));
    ContextId other = store.open(BOB, "").id();
    store.append(BOB, other, List.of(text("x".repeat(100)), text("y".repeat(100))));
    Instant when = clock.instant();

    ContextInfo ended = store.end(ANN, id);

    assertThat(ended.title()).isEqualTo("mine");
    assertThat(ended.entries()).isEqualTo(2);
    assertThat(failure(() -> store.read(ANN, id, 0, 1)))
        .hasMessageContaining("was closed at " + when)
        .extracting(ContextException::kind)
        .isEqualTo(ContextException.Kind.CLOSED);
    assertThat(failure(() -> store.end(ANN, id)).kind()).isEqualTo(ContextException.Kind.CLOSED);
    assertThat(failure(() -> store.info(BOB, id)).kind()).isEqualTo(ContextException.Kind.UNKNOWN);
    store.append(BOB, other, List.of(text("z".repeat(50))));
    clock.advance(REMEMBRANCE);
    assertThat(failure(() -> store.info(ANN, id)).kind()).isEqualTo(ContextException.Kind.UNKNOWN);
  }

  @Test
  void listsAPrincipalsOpenContextsInPages() throws Exception {
    ContextId first = store.open(ANN, "Bestellung Nº 1: ÜBERWEISUNG 100%").id();
    ContextId second = store.open(ANN, "second").id();
    store.open(BOB, "bob's");
    ContextId third = store.open(ANN, "third").id();

    ContextPage page = store.list(ANN, new ContextQuery("", "", 2));
    assertThat(page.contexts()).extracting(ContextInfo::id).containsExactly(third, second);
    ContextPage rest = store.list(ANN, new ContextQuery("", page.next(), 2));
    assertThat(rest.contexts()).extracting(ContextInfo::id).containsExactly(first);
    assertThat(rest.next()).isEmpty();
    assertThat(store.list(ANN, new ContextQuery("überweisung", "", 5)).contexts())
        .extracting(ContextInfo::id)
        .containsExactly(first);
    assertThat(store.list(ANN, new ContextQuery("00%", "", 5)).contexts()).hasSize(1);
    assertThat(store.list(ANN, new ContextQuery("%", "", 5)).contexts()).hasSize(1);
    assertThat(store.list(ANN, new ContextQuery("_", "", 5)).contexts()).isEmpty();
    store.end(ANN, second);
    assertThat(store.list(ANN, new ContextQuery("", "", 5)).contexts())
        .extracting(ContextInfo::id)
        .containsExactly(third, first);
    assertThat(failure(() -> store.list(ANN, new ContextQuery("", "no number!", 5))))
        .hasMessageContaining("next_cursor");
    clock.advance(LIFETIME);
    assertThat(store.list(ANN, new ContextQuery("", "", 5)).contexts()).isEmpty();
  }

  @Test
  void tellsEveryChangeOnceAndInOrder() throws Exception {
    RecordedChanges heard = new RecordedChanges();
    long before = store.lastChange();
    try (ContextWatch watch = store.watch(before, heard)) {
      ContextId id = store.open(ANN, "").id();
      store.append(ANN, id, List.of(text("a"), text("b")));
      store.append(ANN, id, List.of());
      store.pin(ANN, id, true);
      store.pin(ANN, id, true);
      store.end(ANN, id);
      List<ContextChange> changes = heard.await(4);

      assertThat(changes)
          .extracting(ContextChange::kind)
          .containsExactly(
              ContextChange.Kind.OPENED,
              ContextChange.Kind.APPENDED,
              ContextChange.Kind.PINNED,
              ContextChange.Kind.CLOSED);
      assertThat(changes)
          .extracting(ContextChange::number)
          .containsExactly(before + 1, before + 2, before + 3, before + 4);
      assertThat(changes).allMatch(c -> c.context().equals(id) && c.principal().equals(ANN));
      assertThat(changes.get(1).first()).isZero();
      assertThat(changes.get(1).version()).isEqualTo(2);
      assertThat(watch.position()).isEqualTo(before + 4);
    }
  }

  @Test
  void aWatchGoesOnWhereAnotherEnded() throws Exception {
    RecordedChanges first = new RecordedChanges();
    ContextWatch watch = store.watch(store.lastChange(), first);
    ContextId id = store.open(ANN, "").id();
    first.await(1);
    watch.close();
    store.append(ANN, id, List.of(text("a")));
    store.append(ANN, id, List.of(text("b")));

    RecordedChanges second = new RecordedChanges();
    try (ContextWatch again = store.watch(watch.position(), second)) {
      assertThat(second.await(2)).extracting(ContextChange::first).containsExactly(0, 1);
      assertThat(again.position()).isEqualTo(store.lastChange());
    }
  }

  @Test
  void doesNothingOnceClosed() throws Exception {
    ContextId id = store.open(ANN, "").id();
    store.close();

    assertThatThrownBy(() -> store.info(ANN, id)).isInstanceOf(IllegalStateException.class);
  }

  protected static EntryDraft text(String text) {
    return EntryDraft.text("document", "test", text);
  }

  private static List<EntryDraft> drafts(int count) {
    return IntStream.range(0, count).mapToObj(i -> text("")).toList();
  }

  private static ContextException failure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    ContextException failure = catchThrowableOfType(ContextException.class, call);
    assertThat(failure).as("a ContextException").isNotNull();
    return failure;
  }
}
