package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.Principals;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsOfPrincipalsTest {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",
      "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\
      """;

  private static int open(HttpHarness server, String who) {
    return server
        .send(
            server
                .request()
                .header("Who", who)
                .POST(HttpRequest.BodyPublishers.ofString(INITIALIZE))
                .build())
        .statusCode();
  }

  @Test
  void onePrincipalTakesNoSessionFromAnother() {
    HttpPart whoIsIt =
        new HttpPart.Filtered(
            "/*",
            (request, response, next) -> {
              String who = ((HttpServletRequest) request).getHeader("Who");
              request.setAttribute(Principals.ATTRIBUTE, who);
              next.doFilter(request, response);
            });
    try (HttpHarness server =
        new HttpHarness(
            new ToyTools().all(),
            StreamableLimits.DEFAULT.withPrincipals(2, 1 << 20),
            List.of(whoIsIt))) {
      assertThat(open(server, "ann")).isEqualTo(200);
      assertThat(open(server, "ann")).isEqualTo(200);
      assertThat(open(server, "ann")).isEqualTo(503);
      assertThat(open(server, "ben")).isEqualTo(200);
      assertThat(server.endpoint.openSessions()).isEqualTo(3);
    }
  }
}
