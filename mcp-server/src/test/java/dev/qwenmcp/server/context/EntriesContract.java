package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Usage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ContextStore} promises of entries. */
public abstract class EntriesContract extends StoreContract {
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
                12 + 7 + 8,
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
    assertThat(full).hasMessageContaining("is full").message().doesNotContainPattern("[0-9]");
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
}
