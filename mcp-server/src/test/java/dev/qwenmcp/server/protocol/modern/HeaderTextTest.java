package dev.qwenmcp.server.protocol.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.transport.RpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

  @Test
  void readsWhatTheSpecificationWrites() {
    assertThat(HeaderText.decode("h", "us-west1")).isEqualTo("us-west1");
    assertThat(HeaderText.decode("h", "=?base64?SGVsbG8sIOS4lueVjA==?=")).isEqualTo("Hello, 世界");
    assertThat(HeaderText.decode("h", "=?base64?IHBhZGRlZCA=?=")).isEqualTo(" padded ");
    assertThat(HeaderText.decode("h", "=?base64?bGluZTEKbGluZTI=?=")).isEqualTo("line1\nline2");
    assertThat(HeaderText.decode("h", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="))
        .isEqualTo("=?base64?literal?=");
  }

  @Test
  void takesHalfAMarkForText() {
    assertThat(HeaderText.decode("h", "SGVsbG8=")).isEqualTo("SGVsbG8=");
    assertThat(HeaderText.decode("h", "=?base64?SGVsbG8=")).isEqualTo("=?base64?SGVsbG8=");
    assertThat(HeaderText.decode("h", "SGVsbG8=?=")).isEqualTo("SGVsbG8=?=");
    assertThat(HeaderText.decode("h", "=?base64?=")).isEqualTo("=?base64?=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?base64?SGVsbG8?=", // padding is missing
        "=?base64?SGVs!!!bG8=?=", // no Base64
        "=?base64?SGVsbG9=?=", // stray bits
        "=?base64?/w==?=", // no UTF-8
        "Grüße",
        "a\u0000b",
        "a\nb"
      })
  void refusesWhatNoClientMayWrite(String value) {
    assertThatThrownBy(() -> HeaderText.decode("h", value))
        .isInstanceOf(RpcException.class)
        .hasMessageStartingWith("-32020");
  }
}
