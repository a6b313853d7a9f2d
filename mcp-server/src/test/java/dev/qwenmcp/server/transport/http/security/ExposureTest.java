package dev.qwenmcp.server.transport.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExposureTest {
  @Test
  void whoListensBeyondThisMachineAsksForTokensOrSaysThatHeDoesNot() {
    assertThat(new Exposure(false, false, false, false).refusal().orElseThrow())
        .contains("token create", "--oauth-issuer", "127.0.0.1", "--allow-unauthenticated");
    assertThat(new Exposure(false, true, false, false).refusal()).isEmpty();
    assertThat(new Exposure(false, false, false, true).refusal()).isEmpty();
    assertThat(new Exposure(true, false, false, false).refusal()).isEmpty();
  }

  @Test
  void strangersAreNotTheLocalUser() {
    assertThat(new Exposure(false, false, true, true).unauthenticated())
        .isEqualTo(Identity.ANYBODY)
        .isNotEqualTo(Identity.LOCAL);
    assertThat(new Exposure(true, false, false, false).unauthenticated()).isEqualTo(Identity.LOCAL);
  }

  @Test
  void itIsSaidWhenTextsTravelInTheOpen() {
    assertThat(new Exposure(false, true, false, false).warning().orElseThrow())
        .contains("--tls-cert");
    assertThat(new Exposure(false, true, true, false).warning()).isEmpty();
    assertThat(new Exposure(true, false, false, false).warning()).isEmpty();
  }
}
