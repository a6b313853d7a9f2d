package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random histories against a plain model that keeps every context and compares times. */
class InMemoryContextStorePropertyTest {
  private static final ContextLimits LIMITS =
      new ContextLimits(Duration.ofMinutes(10), Duration.ofMinutes(20), 2, 4, 20, 40, 70);

  private record Step(int kind, String principal, int context, String text, int minutes) {}

  private static final class Modelled {
    String principal;
    Instant expires;
    final List<String> texts = new ArrayList<>();

    long bytes() {
      return texts.stream().mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length).sum();
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<String> texts = Arbitraries.strings().withChars("aé語").ofMaxLength(9);
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.of("ann", "bob"),
            Arbitraries.integers().between(0, 9),
            texts,
            Arbitraries.integers().between(0, 12))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 500)
  void behavesAsTheModel(@ForAll("histories") List<Step> history) throws Exception {
    SettableClock clock = new SettableClock();
    Map<ContextId, Modelled> model = new LinkedHashMap<>();
    try (InMemoryContextStore store = new InMemoryContextStore(LIMITS, clock, new SecureRandom())) {
      for (Step step : history) {
        apply(step, store, clock, model);
      }
    }
  }

  private static void apply(
      Step step, ContextStore store, SettableClock clock, Map<ContextId, Modelled> model)
      throws ContextException {
    switch (step.kind()) {
      case 0 -> clock.advance(Duration.ofMinutes(step.minutes()));
      case 1 -> open(step, store, clock, model);
      default -> {
        if (!model.isEmpty()) {
          ContextId id = List.copyOf(model.keySet()).get(step.context() % model.size());
          use(step, store, clock, model, id);
        }
      }
    }
  }

  private static void open(
      Step step, ContextStore store, SettableClock clock, Map<ContextId, Modelled> model) {
    long live =
        model.values().stream()
            .filter(m -> m.principal.equals(step.principal()) && m.expires.isAfter(clock.instant()))
            .count();
    try {
      ContextInfo info = store.open(step.principal(), "");
      assertThat(live).isLessThan(LIMITS.contextsPerPrincipal());
      Modelled opened = new Modelled();
      opened.principal = step.principal();
      opened.expires = clock.instant().plus(LIMITS.lifetime());
      model.put(info.id(), opened);
    } catch (ContextException e) {
      assertThat(e.kind()).isEqualTo(ContextException.Kind.QUOTA);
      assertThat(live).isEqualTo(LIMITS.contextsPerPrincipal());
    }
  }

  private static void use(
      Step step,
      ContextStore store,
      SettableClock clock,
      Map<ContextId, Modelled> model,
      ContextId id) {
    Modelled expected = model.get(id);
    Instant now = clock.instant();
    boolean mine = expected.principal.equals(step.principal());
    boolean live = expected.expires.isAfter(now);
    boolean remembered = expected.expires.plus(LIMITS.remembrance()).isAfter(now);
    long all =
        model.values().stream()
            .filter(m -> m.expires.isAfter(now))
            .mapToLong(Modelled::bytes)
            .sum();
    long size = step.text().getBytes(StandardCharsets.UTF_8).length;
    try {
      if (step.kind() == 2) {
        assertThat(store.read(step.principal(), id, 0, 99))
            .extracting(Entry::text)
            .isEqualTo(expected.texts);
      } else {
        store.append(step.principal(), id, List.of(ContextStoreContract.text(step.text())));
        assertThat(size).isLessThanOrEqualTo(LIMITS.bytesPerEntry());
        assertThat(expected.texts.size()).isLessThan(LIMITS.entriesPerContext());
        assertThat(expected.bytes() + size).isLessThanOrEqualTo(LIMITS.bytesPerContext());
        assertThat(all + size).isLessThanOrEqualTo(LIMITS.bytes());
        expected.texts.add(step.text());
      }
      assertThat(mine && live).isTrue();
      expected.expires = now.plus(LIMITS.lifetime());
    } catch (ContextException e) {
      switch (e.kind()) {
        case UNKNOWN -> assertThat(!mine || (!live && !remembered)).isTrue();
        case EXPIRED -> assertThat(mine && !live && remembered).isTrue();
        case QUOTA -> {
          assertThat(mine && live).isTrue();
          assertThat(
                  size > LIMITS.bytesPerEntry()
                      || expected.texts.size() == LIMITS.entriesPerContext()
                      || expected.bytes() + size > LIMITS.bytesPerContext()
                      || all + size > LIMITS.bytes())
              .isTrue();
          expected.expires = now.plus(LIMITS.lifetime());
        }
        default -> throw new AssertionError(e);
      }
    }
  }
}
