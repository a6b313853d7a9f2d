package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ContextStore} promises, of contexts here and of entries in {@link
 * EntriesContract}; a store's test extends this and creates the store.
 */
public abstract class ContextStoreContract extends EntriesContract {
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
  void tellsWhatForksShareAsFarAsBothAreThere() throws Exception {
    ContextLimits wide = new ContextLimits(LIFETIME, REMEMBRANCE, 10, 99, 100, 1000, 1000);
    try (ContextStore shared = create(wide, clock, new SecureRandom())) {
      ContextId origin = shared.open(ANN, "").id();
      shared.append(ANN, origin, List.of(text("a"), text("b"), text("c")));
      ContextId child = shared.fork(ANN, origin, OptionalInt.of(2), "").id();
      shared.append(ANN, child, List.of(text("d")));
      ContextId grandchild = shared.fork(ANN, child, OptionalInt.empty(), "").id();
      ContextId early = shared.fork(ANN, grandchild, OptionalInt.of(1), "").id();
      shared.fork(ANN, origin, OptionalInt.of(0), "shares nothing");

      assertThat(shared.forks(ANN))
          .containsExactly(
              new ContextFork(child, origin, 2),
              new ContextFork(grandchild, child, 3),
              new ContextFork(early, origin, 1));
      assertThat(shared.forks(BOB)).isEmpty();

      shared.end(ANN, origin);
      assertThat(shared.forks(ANN)).containsExactly(new ContextFork(grandchild, child, 3));
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
    ContextPage bobs = pageOf(BOB);
    assertThat(failure(() -> store.list(ANN, new ContextQuery("", bobs.next(), 5))))
        .hasMessage(
            failure(() -> store.list(ANN, new ContextQuery("", "ctx_of nobody", 5)))
                .getMessage()
                .replace("ctx_of nobody", bobs.next()));
    clock.advance(LIFETIME);
    assertThat(store.list(ANN, new ContextQuery("", "", 5)).contexts()).isEmpty();
  }

  private ContextPage pageOf(String principal) throws ContextException {
    store.open(principal, "one more");
    ContextPage page = store.list(principal, new ContextQuery("", "", 1));
    assertThat(page.next()).isNotEmpty();
    return page;
  }

  @Test
  void countsTheOpenContextsOfAll() throws Exception {
    store.open(ANN, "");
    ContextId closed = store.open(ANN, "").id();
    ContextId pinned = store.open(BOB, "").id();
    assertThat(store.count()).isEqualTo(3);

    store.end(ANN, closed);
    store.pin(BOB, pinned, true);
    assertThat(store.count()).isEqualTo(2);
    clock.advance(LIFETIME);
    assertThat(store.count()).isEqualTo(1);
  }

  @Test
  void aListGoesOnBehindAContextThatWasClosedMeanwhile() throws Exception {
    ContextId first = store.open(ANN, "first").id();
    ContextId second = store.open(ANN, "second").id();
    String next = store.list(ANN, new ContextQuery("", "", 1)).next();
    store.end(ANN, second);

    assertThat(store.list(ANN, new ContextQuery("", next, 5)).contexts())
        .extracting(ContextInfo::id)
        .containsExactly(first);
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
}
