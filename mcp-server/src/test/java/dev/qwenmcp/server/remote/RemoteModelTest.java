package dev.qwenmcp.server.remote;

import static dev.qwenmcp.server.remote.FakeModelServer.breaksOffAfter;
import static dev.qwenmcp.server.remote.FakeModelServer.ends;
import static dev.qwenmcp.server.remote.FakeModelServer.fallsSilentAfter;
import static dev.qwenmcp.server.remote.FakeModelServer.neverEnds;
import static dev.qwenmcp.server.remote.FakeModelServer.refuses;
import static dev.qwenmcp.server.remote.FakeModelServer.says;
import static dev.qwenmcp.server.remote.FakeModelServer.sends;
import static dev.qwenmcp.server.remote.FakeModelServer.thinks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.remote.RemoteException.Kind;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class RemoteModelTest {
  private FakeModelServer one;
  private FakeModelServer two;
  private final List<RemoteModel> opened = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    one = new FakeModelServer();
    two = new FakeModelServer();
  }

  @AfterEach
  void end() {
    opened.forEach(RemoteModel::close);
    one.close();
    two.close();
  }

  private RemoteModel model(URI... addresses) {
    RemoteModel model =
        new RemoteModel(
            new RemoteSettings(
                "far",
                "served/far",
                List.of(addresses),
                new RemoteSettings.Secret("sk-secret"),
                new RemoteSettings.Abilities(true, true, false, true),
                new RemoteSettings.About("", 4096, List.of(), "", true, true),
                new RemoteSettings.Limits(
                    Duration.ofSeconds(1),
                    Duration.ofMillis(500),
                    Duration.ofMillis(300),
                    3,
                    Duration.ofMillis(300))));
    opened.add(model);
    return model;
  }

  private static RemoteRequest request(String affinity) {
    return new RemoteRequest(
        List.of(Message.system("be kind"), Message.user("你好")),
        SamplerSettings.GREEDY,
        50,
        Duration.ofSeconds(20),
        List.of("END"),
        Optional.of(JsonMapper.shared().createObjectNode().put("type", "object")),
        Optional.of(false),
        false,
        affinity);
  }

  private static RemoteReply ask(RemoteModel model, String affinity) throws Exception {
    return model.chat(request(affinity), RemoteListener.NONE, new Cancellation());
  }

  private static void fails(Kind kind, ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RemoteException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e.getMessage()).doesNotContain("sk-secret");
              for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
              }
            });
  }

  @Test
  void asksAsOpenAiCompatibleServersExpectAndReadsTheStream() throws Exception {
    one.then(says("Hel", "lo 世界"));
    List<String> heard = new ArrayList<>();
    RemoteReply reply =
        model(one.address())
            .chat(
                request("c"),
                new RemoteListener() {
                  @Override
                  public void reasoning(String piece) {}

                  @Override
                  public void content(String piece) {
                    heard.add(piece);
                  }
                },
                new Cancellation());

    assertThat(reply.content()).isEqualTo("Hello 世界");
    assertThat(heard).containsExactly("Hel", "lo 世界");
    assertThat(reply.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(reply.usage().promptTokens()).isEqualTo(12);
    assertThat(reply.usage().cachedTokens()).isEqualTo(8);
    assertThat(reply.usage().generatedTokens()).isEqualTo(2);
    JsonNode body = one.requests.getFirst();
    assertThat(body.path("model").asString()).isEqualTo("served/far");
    assertThat(body.path("messages").path(1).path("role").asString()).isEqualTo("user");
    assertThat(body.path("messages").path(1).path("content").asString()).isEqualTo("你好");
    assertThat(body.path("stop").path(0).asString()).isEqualTo("END");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(50);
    assertThat(body.path("temperature").asDouble()).isZero();
    assertThat(
            body.path("response_format").path("json_schema").path("schema").path("type").asString())
        .isEqualTo("object");
    assertThat(body.path("chat_template_kwargs").path("enable_thinking").asBoolean(true)).isFalse();
    assertThat(one.keys).containsExactly("Bearer sk-secret");
  }

  @Test
  void tellsThinkingAndWhyAnAnswerEnded() throws Exception {
    one.then(thinks("hm", "yes")).then(ends("length", "a")).then(ends("content_filter", "a"));
    RemoteModel model = model(one.address());
    RemoteReply thought = ask(model, "c");
    assertThat(thought.reasoning()).isEqualTo("hm");
    assertThat(thought.content()).isEqualTo("yes");
    assertThat(ask(model, "c").finishReason()).isEqualTo(FinishReason.LENGTH);
    fails(Kind.REFUSED, () -> ask(model, "c"), "content_filter");
  }

  @Test
  void readsAnAnswerThatIsNotStreamed() throws Exception {
    one.then(
        sends(
            "application/json",
            "{\"choices\":[{\"message\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}"));
    assertThat(ask(model(one.address()), "c").content()).isEqualTo("whole");
  }

  @Test
  void triesTheNextAddressAndThenComesBackOnlyOnceTheBreakerLets() throws Exception {
    URI dead;
    try (ServerSocket socket = new ServerSocket(0)) {
      dead = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
    }
    one.then(says("here"));
    RemoteModel model = model(dead, one.address());
    for (int i = 0; i < 20; i++) {
      assertThat(ask(model, "context " + i).content()).isEqualTo("here");
    }
    assertThat(one.requests).hasSize(20);
  }

  @Test
  void callsOfOneContextGoToOneAddressAndContextsAreSpread() throws Exception {
    one.then(says("one"));
    two.then(says("two"));
    RemoteModel model = model(one.address(), two.address());
    Set<String> all = new HashSet<>();
    for (int context = 0; context < 16; context++) {
      Set<String> ofContext = new HashSet<>();
      for (int call = 0; call < 3; call++) {
        ofContext.add(ask(model, "ctx_" + context).content());
      }
      assertThat(ofContext).hasSize(1);
      all.addAll(ofContext);
    }
    assertThat(all).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void asksAgainWhereTheServerIsBusyAndNotWhereItRefuses() throws Exception {
    one.then(refuses(429, "later")).then(refuses(503, "later")).then(says("now"));
    assertThat(ask(model(one.address()), "c").content()).isEqualTo("now");
    assertThat(one.requests).hasSize(3);

    two.then(refuses(400, "{\"error\":{\"message\":\"too long\"}}"));
    fails(Kind.REFUSED, () -> ask(model(two.address()), "c"), "too long", "400");
    assertThat(two.requests).hasSize(1);
  }

  @Test
  void aWrongKeyIsSaidWithoutTheKey() {
    one.then(refuses(401, "bad key"));
    fails(Kind.UNAUTHORISED, () -> ask(model(one.address()), "c"), "api_key_env");
  }

  @Test
  void anAnswerOfWhichSomethingHasComeIsNotAskedForAgain() {
    one.then(breaksOffAfter("half an ans"));
    fails(Kind.MALFORMED, () -> ask(model(one.address()), "c"));
    assertThat(one.requests).hasSize(1);

    two.then(fallsSilentAfter("half"));
    fails(Kind.TIMEOUT, () -> ask(model(two.address()), "c"), "middle");
    assertThat(two.requests).hasSize(1);
  }

  @Test
  void silenceAndNonsenseAreTriedAgainAndThenSaid() throws Exception {
    one.then(fallsSilentAfter("")).then(sends("text/html", "<html>")).then(says("at last"));
    RemoteModel model = model(one.address(), two.address());
    two.then(sends("text/event-stream", "data: {no json\n\n"));
    RemoteReply reply = null;
    for (int i = 0; i < 6 && reply == null; i++) {
      try {
        reply = ask(model, "c" + i);
      } catch (RemoteException e) {
        assertThat(e.kind()).isIn(Kind.MALFORMED, Kind.TIMEOUT, Kind.UNREACHABLE);
        Thread.sleep(350);
      }
    }
    assertThat(reply).isNotNull();
    assertThat(reply.content()).isEqualTo("at last");
  }

  @Test
  void aServerThatKeepsFailingIsLeftAloneForAWhile() throws Exception {
    one.then(refuses(500, "broken"))
        .then(refuses(500, "broken"))
        .then(refuses(500, "broken"))
        .then(says("mended"));
    RemoteModel model = model(one.address());
    fails(Kind.UNREACHABLE, () -> ask(model, "c"));
    int asked = one.requests.size();
    assertThat(model.reachable()).isFalse();
    fails(Kind.UNREACHABLE, () -> ask(model, "c"), "left alone");
    assertThat(one.requests).hasSize(asked);
    Thread.sleep(400);
    assertThat(ask(model, "c").content()).isEqualTo("mended");
    assertThat(model.reachable()).isTrue();
  }

  @Test
  void cancellingClosesTheConnection() throws Exception {
    one.then(neverEnds());
    Cancellation cancellation = new Cancellation();
    RemoteListener cancels =
        new RemoteListener() {
          @Override
          public void reasoning(String piece) {}

          @Override
          public void content(String piece) {
            cancellation.cancel();
          }
        };
    RemoteModel model = model(one.address());
    assertThatThrownBy(() -> model.chat(request("c"), cancels, cancellation))
        .isInstanceOf(InterruptedException.class);
    assertThat(one.brokenOff.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(model.reachable()).as("a cancelled call says nothing of the server").isTrue();
  }

  @Test
  void whatCameByTheEndOfTheTimeIsTheAnswer() throws Exception {
    one.then(neverEnds());
    RemoteRequest request = request("c");
    RemoteReply reply =
        model(one.address())
            .chat(
                new RemoteRequest(
                    request.messages(),
                    request.sampling(),
                    50,
                    Duration.ofMillis(400),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    "c"),
                RemoteListener.NONE,
                new Cancellation());
    assertThat(reply.finishReason()).isEqualTo(FinishReason.TIME);
    assertThat(reply.content()).startsWith("and and");
    assertThat(one.brokenOff.await(5, TimeUnit.SECONDS)).isTrue();
  }
}
