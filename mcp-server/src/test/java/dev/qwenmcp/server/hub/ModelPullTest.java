package dev.qwenmcp.server.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.hub.FakeHub.Fault;
import dev.qwenmcp.server.hub.HubException.Kind;
import dev.qwenmcp.server.model.CatalogModel;
import dev.qwenmcp.server.model.ModelCatalog;
import dev.qwenmcp.server.model.ModelKind;
import dev.qwenmcp.server.model.PulledFile;
import dev.qwenmcp.server.model.PulledModels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ModelPullTest {
  private static final HubSettings QUICK =
      new HubSettings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          4,
          Duration.ofMillis(5),
          Duration.ofSeconds(2));

  @TempDir private Path folder;
  private FakeHub hub;
  private PulledModels models;
  private final List<String> notes = new ArrayList<>();
  private final List<Long> progress = new ArrayList<>();
  private byte[] content;

  private final PullListener listener =
      new PullListener() {
        @Override
        public void note(String what) {
          notes.add(what);
        }

        @Override
        public void progress(long done, long total) {
          progress.add(done);
        }
      };

  @BeforeEach
  void start() throws IOException {
    content = new byte[300_000];
    new Random(1).nextBytes(content);
    hub =
        new FakeHub()
            .with("README.md", "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .with("Tiny-Q4_K_M.gguf", content)
            .with("Tiny-Q4_K.gguf", new byte[] {1, 2, 3})
            .with("big/Tiny-F32-00001-of-00002.gguf", new byte[] {4, 5})
            .with("big/Tiny-F32-00002-of-00002.gguf", new byte[] {6, 7});
    models = new PulledModels(folder.resolve("models"));
  }

  @AfterEach
  void end() {
    hub.close();
  }

  private PulledModels.Found pull(ModelPull.Site site, String name, String token)
      throws HubException, InterruptedException {
    try (ModelPull pull = new ModelPull(site, hub.address(), token, models, QUICK)) {
      return pull.pull(ModelReference.parse(name), site.branch(), listener);
    }
  }

  private PulledModels.Found pull(String name) throws HubException, InterruptedException {
    return pull(ModelPull.Site.HUGGINGFACE, name, "");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static void fails(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  @ParameterizedTest
  @EnumSource(ModelPull.Site.class)
  void aQuantisationIsFetchedFromEitherHubAndStandsInTheCatalogue(ModelPull.Site site)
      throws Exception {
    PulledModels.Found found = pull(site, "Qwen/Tiny-GGUF:q4_k_m", "");

    assertThat(found.file()).hasBinaryContent(content);
    assertThat(found.model().licence()).isEqualTo("apache-2.0");
    assertThat(notes.getFirst()).contains("Tiny-Q4_K_M").contains("apache-2.0");
    assertThat(progress).isSorted().endsWith((long) content.length);
    assertThat(left()).containsExactly("Tiny-Q4_K_M.gguf", "Tiny-Q4_K_M.pulled.json");
    CatalogModel model = ModelCatalog.of((Path) null).with(models).resolve("Tiny-Q4_K_M");
    assertThat(model.kind()).isEqualTo(ModelKind.PULLED);
    assertThat(model.licence()).isEqualTo("apache-2.0");
  }

  @Test
  void allPartsOfASplitModelAreFetched() throws Exception {
    PulledModels.Found found = pull("Qwen/Tiny-GGUF:F32");

    assertThat(found.model().name()).isEqualTo("Tiny-F32");
    assertThat(found.model().parts())
        .extracting(PulledFile.Part::file)
        .containsExactly("Tiny-F32-00001-of-00002.gguf", "Tiny-F32-00002-of-00002.gguf");
    assertThat(found.file().resolveSibling("Tiny-F32-00002-of-00002.gguf"))
        .hasBinaryContent(new byte[] {6, 7});
  }

  @Test
  void aSecondPullFetchesNothing() throws Exception {
    pull("Qwen/Tiny-GGUF:Q4_K_M");
    hub.fetched.clear();
    pull("Qwen/Tiny-GGUF:Q4_K_M");

    assertThat(hub.fetched).isEmpty();
    assertThat(notes).anyMatch(note -> note.contains("there already"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "CUT",
        "IGNORES_RANGE",
        "WRONG_RANGE",
        "TOO_MANY",
        "UNAVAILABLE",
        "STALLS",
        "CHANGED"
      })
  void aTransferThatWasCutOffIsCompletedWhateverTheServerThenDoes(Fault then) throws Exception {
    hub.faults.addAll(List.of(Fault.CUT, then));

    PulledModels.Found found = pull("Qwen/Tiny-GGUF:Q4_K_M");

    assertThat(found.file()).hasBinaryContent(content);
    assertThat(hub.fetched.get(1)).isEqualTo("Tiny-Q4_K_M.gguf bytes=150000-");
    assertThat(left()).containsExactly("Tiny-Q4_K_M.gguf", "Tiny-Q4_K_M.pulled.json");
  }

  @Test
  void aPullThatGaveUpGoesOnLaterWhereItEnded() throws Exception {
    hub.faults.add(Fault.CUT);
    hub.faults.addAll(List.of(Fault.TOO_MANY, Fault.TOO_MANY, Fault.TOO_MANY, Fault.TOO_MANY));
    fails(Kind.UNREACHABLE, () -> pull("Qwen/Tiny-GGUF:Q4_K_M"));
    assertThat(models.all()).isEmpty();
    assertThat(left()).contains("Tiny-Q4_K_M.gguf.part");
    hub.faults.clear();
    hub.fetched.clear();

    assertThat(pull("Qwen/Tiny-GGUF:Q4_K_M").file()).hasBinaryContent(content);
    assertThat(hub.fetched).containsExactly("Tiny-Q4_K_M.gguf bytes=150000-");
    assertThat(notes).anyMatch(note -> note.contains("going on after"));
  }

  @Test
  void aWrongChecksumIsNeverGivenAName() throws Exception {
    hub.faults.add(Fault.FLIPPED);

    fails(Kind.CHECKSUM, () -> pull("Qwen/Tiny-GGUF:Q4_K_M"));

    assertThat(models.all()).isEmpty();
    assertThat(left()).doesNotContain("Tiny-Q4_K_M.gguf");
    assertThat(pull("Qwen/Tiny-GGUF:Q4_K_M").file()).hasBinaryContent(content);
  }

  @Test
  void anAnnouncedLengthThatIsNotTheFilesIsRefusedBeforeAByteIsWritten() throws Exception {
    hub.faults.add(Fault.HUGE);

    fails(Kind.MALFORMED, () -> pull("Qwen/Tiny-GGUF:Q4_K_M"));

    assertThat(models.all()).isEmpty();
  }

  @Test
  void theTokenGoesToTheHubAndNobodyElse() throws Exception {
    hub.gated = true;
    fails(Kind.UNAUTHORISED, () -> pull("Qwen/Tiny-GGUF:Q4_K_M"));
    assertThatThrownBy(() -> pull(ModelPull.Site.HUGGINGFACE, "Qwen/Tiny-GGUF:Q4_K_M", "hf_wrong"))
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("hf_wrong");

    pull(ModelPull.Site.HUGGINGFACE, "Qwen/Tiny-GGUF:Q4_K_M", FakeHub.TOKEN);

    assertThat(hub.leaked).isEmpty();
    assertThat(notes.toString()).doesNotContain(FakeHub.TOKEN);
  }

  @Test
  void aHubThatIsBusyIsAskedAgain() throws Exception {
    hub.refusals = 2;
    assertThat(pull("Qwen/Tiny-GGUF:Q4_K_M").file()).exists();
  }

  @Test
  void whatIsNotThereIsSaid() {
    fails(Kind.NOT_FOUND, () -> pull("Qwen/Other-GGUF:Q4_K_M"));
    assertThatThrownBy(() -> pull("Qwen/Tiny-GGUF:Q9"))
        .hasMessageContaining("Q9")
        .hasMessageContaining("Tiny-Q4_K_M");
    assertThatThrownBy(() -> pull("Qwen/Tiny-GGUF")).hasMessageContaining("several models fit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../evil.gguf",
        "a/../evil.gguf",
        "/etc/evil.gguf",
        "..evil.gguf",
        ".evil.gguf",
        "a b.gguf",
        "a//evil.gguf",
        "évil.gguf"
      })
  void aNameThatLeadsElsewhereIsRefused(String path) throws Exception {
    hub.with(path, new byte[] {1});

    fails(Kind.MALFORMED, () -> pull("Qwen/Tiny-GGUF:Q4_K_M"));

    assertThat(left()).isEmpty();
  }

  @Test
  void twoPullsOfOneFileDoNotMeet() throws Exception {
    Path target = Files.createDirectories(folder.resolve("models/huggingface/Qwen/Tiny-GGUF"));
    try (FileChannel channel =
            FileChannel.open(
                target.resolve("Tiny-Q4_K_M.gguf.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      fails(Kind.LOCKED, () -> pull("Qwen/Tiny-GGUF:Q4_K_M"));
    }
    assertThat(pull("Qwen/Tiny-GGUF:Q4_K_M").file()).hasBinaryContent(content);
  }

  @Test
  void aRemovedModelIsGone() throws Exception {
    PulledModels.Found found = pull("Qwen/Tiny-GGUF:F32");
    models.remove(found);
    assertThat(models.all()).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void aRecordThatIsNoneOrLeadsElsewhereIsLeftOut() throws Exception {
    Path place = pull("Qwen/Tiny-GGUF:Q4_K_M").record();
    String record = Files.readString(place);
    Files.writeString(
        place.resolveSibling("evil.pulled.json"),
        record.replace("\"Tiny-Q4_K_M.gguf\"", "\"../../../../secret.gguf\""));
    Files.writeString(place.resolveSibling("half.pulled.json"), record.substring(0, 40));
    assertThat(models.all()).hasSize(1);
  }
}
