package dev.qwenmcp.server.protocol.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.transport.RpcException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RequestStateTest {
  private static final StateKey KEY = StateKey.random(new SecureRandom());

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-07-28T12:00:00Z"));
  private final RequestState states = new RequestState(KEY, clock());
  private final ObjectNode answers = json("{\"name\": {\"action\": \"accept\"}}");

  private InstantSource clock() {
    return now::get;
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) JsonMapper.shared().readTree(text);
  }

  private static RequestState.Purpose purpose(String principal, String tool, String arguments) {
    return new RequestState.Purpose(principal, "tools/call", tool, json(arguments));
  }

  private static final RequestState.Purpose OURS =
      purpose("ann", "greet", "{\"a\": 1, \"b\": {\"c\": [2, {\"d\": 3, \"e\": 4}]}}");

  private void assertRefused(RequestState.Purpose purpose, String state) {
    assertThatThrownBy(() -> states.open(purpose, state))
        .isInstanceOf(RpcException.class)
        .hasMessageStartingWith("-32602");
  }

  @Test
  void givesBackWhatWasSealedWhateverTheOrderOfTheArguments() {
    String state = states.seal(OURS, answers);

    assertThat(states.open(OURS, state)).isEqualTo(answers);
    assertThat(
            states.open(
                purpose("ann", "greet", "{\"b\": {\"c\": [2, {\"e\": 4, \"d\": 3}]}, \"a\": 1}"),
                state))
        .isEqualTo(answers);
  }

  @Test
  void isRefusedWithAnyCharacterChanged() {
    String state = states.seal(OURS, answers);

    for (int i = 0; i < state.length(); i++) {
      char other = state.charAt(i) == 'A' ? 'B' : 'A';
      String changed = state.substring(0, i) + other + state.substring(i + 1);
      // The last character of each part holds bits that Base64 does not use.
      if (!java.util.Arrays.equals(decoded(changed), decoded(state))) {
        assertRefused(OURS, changed);
      }
    }
    assertRefused(OURS, state + "-TAMPERED");
    assertRefused(OURS, state.substring(1));
    assertRefused(OURS, "");
    assertRefused(OURS, ".");
    assertRefused(OURS, "no state");
  }

  private static byte[] decoded(String state) {
    String[] parts = state.split("\\.");
    try {
      byte[] payload = java.util.Base64.getUrlDecoder().decode(parts[0]);
      byte[] mac = java.util.Base64.getUrlDecoder().decode(parts[1]);
      byte[] both = java.util.Arrays.copyOf(payload, payload.length + mac.length);
      System.arraycopy(mac, 0, both, payload.length, mac.length);
      return both;
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return new byte[0];
    }
  }

  @Test
  void belongsToItsPrincipalItsToolAndItsArguments() {
    String state = states.seal(OURS, answers);

    assertRefused(purpose("bob", "greet", OURS.arguments().toString()), state);
    assertRefused(purpose("ann", "other", OURS.arguments().toString()), state);
    assertRefused(purpose("ann", "greet", "{\"a\": 1}"), state);
    assertRefused(new RequestState.Purpose("ann", "prompts/get", "greet", OURS.arguments()), state);
  }

  @Test
  void isOldAfterAnHour() {
    String state = states.seal(OURS, answers);
    now.set(now.get().plus(Duration.ofMinutes(59)));
    assertThat(states.open(OURS, state)).isEqualTo(answers);

    now.set(now.get().plus(Duration.ofMinutes(2)));
    assertRefused(OURS, state);
  }

  @Test
  void isOpenedByEveryServerOfTheFolderAndNoOther(@TempDir Path folder, @TempDir Path other)
      throws Exception {
    SecureRandom random = new SecureRandom();
    RequestState first = new RequestState(StateKey.in(folder, random), clock());
    RequestState second = new RequestState(StateKey.in(folder, random), clock());
    RequestState stranger = new RequestState(StateKey.in(other, random), clock());
    String state = first.seal(OURS, answers);

    assertThat(second.open(OURS, state)).isEqualTo(answers);
    assertThatThrownBy(() -> stranger.open(OURS, state)).isInstanceOf(RpcException.class);
    assertThat(StateKey.in(folder, random)).hasToString("StateKey");
  }
}
