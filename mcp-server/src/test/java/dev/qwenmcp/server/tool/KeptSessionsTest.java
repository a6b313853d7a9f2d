package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptSessionsTest {
  private final Engine engine = FixedModels.random();
  private final KeptSessions sessions = new KeptSessions(engine);

  private static int[] prompt(int length, int seed) {
    return IntStream.range(0, length).map(i -> (i * 7 + seed) % 200).toArray();
  }

  private GenerationResult call(String principal, int[] prompt) {
    KeptSessions.Begun begun = sessions.begin(principal, prompt);
    GenerationResult result = generate(begun.session(), begun.rest());
    sessions.keep(principal, begun.session());
    return result;
  }

  private static GenerationResult generate(Session session, int[] rest) {
    return session.generate(
        new GenerationRequest(
            rest, SamplerSettings.GREEDY, 10, Duration.ofMinutes(1), List.of(), null),
        TokenListener.NONE,
        new Cancellation());
  }

  @Test
  void aPromptThatBeginsAlikeIsReadFromWhereItDiffers() {
    call("me", prompt(300, 0));
    int[] other = prompt(310, 0);
    other[200] = 5;
    GenerationResult result = call("me", other);
    assertThat(result.usage().promptTokens()).isEqualTo(310);
    assertThat(result.usage().cachedTokens()).isEqualTo(200);
    GenerationResult same = call("me", other);
    assertThat(same.usage().cachedTokens()).isEqualTo(309);
    assertThat(same.tokens()).isEqualTo(result.tokens());
    try (Session cold = engine.newSession()) {
      assertThat(generate(cold, other).tokens()).isEqualTo(result.tokens());
    }
  }

  @Test
  void nothingIsReusedOfAnotherPrincipal() {
    call("me", prompt(100, 0));
    assertThat(call("you", prompt(100, 0)).usage().cachedTokens()).isZero();
  }

  @Test
  void keepsNoMoreThanAFullContext() {
    for (int i = 0; i < 20; i++) {
      call("me", prompt(200, i));
    }
    int found = 0;
    for (int i = 19; i >= 0; i--) {
      KeptSessions.Begun begun = sessions.begin("me", prompt(200, i));
      found += begun.rest().length < 200 ? 1 : 0;
      begun.session().close();
    }
    assertThat(found).isBetween(1, engine.contextTokens() / 200);
    sessions.clear();
    try (Session session = sessions.begin("me", prompt(200, 19)).session()) {
      assertThat(session.tokens()).isEmpty();
    }
  }

  @Test
  void aSessionThatGoesOnTakesThePlaceOfItsBeginning() {
    for (int length = 20; length <= 900; length += 20) {
      call("me", prompt(length, 0));
    }
    assertThat(call("me", prompt(900, 0)).usage().cachedTokens()).isEqualTo(899);
  }
}
