package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Usage;
import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContextArchiveTest {
  private static final String WHO = "local";

  private final ContextStore store =
      new InMemoryContextStore(ContextLimits.DEFAULT, InstantSource.system(), new SecureRandom());
  private final ContextArchive archive = new ContextArchive(store, WHO);
  private ContextId id;

  @BeforeEach
  void fill() throws Exception {
    id = store.open(WHO, "Ticket 7").id();
    store.append(
        WHO,
        id,
        List.of(
            EntryDraft.text("document", "test", "Grüße\n\"🙂\""),
            new EntryDraft(
                "assistant",
                "generate",
                new ModelIdentity("nano", "f00d"),
                "answer",
                "{\"a\": 1.0E2}",
                List.of(1, 151_643),
                new Usage(10, 4, 2, 3, 0.5, 0.25))));
  }

  private String exported() throws Exception {
    StringWriter out = new StringWriter();
    archive.write(id, out);
    return out.toString();
  }

  private ContextInfo imported(String text) throws Exception {
    return archive.read(new BufferedReader(new StringReader(text)));
  }

  @Test
  void bringsEverythingBackButTheTimes() throws Exception {
    for (int i = 0; i < 50; i++) {
      store.append(WHO, id, List.of(EntryDraft.text("user", "test", "text " + i)));
    }

    ContextInfo copy = imported(exported());

    assertThat(copy.id()).isNotEqualTo(id);
    assertThat(copy.title()).isEqualTo("Ticket 7");
    assertThat(store.read(WHO, copy.id(), 0, 99))
        .extracting(Entry::draft)
        .isEqualTo(store.read(WHO, id, 0, 99).stream().map(Entry::draft).toList());
    assertThat(exported().lines()).hasSize(54);
  }

  @Test
  void refusesWhatWasCutOffOrChangedAndImportsNothingOfIt() throws Exception {
    String good = exported();
    List<String> lines = good.lines().toList();
    assertRefused("", "line 1: expected a line of type context, found the end");
    assertRefused("{\"type\":", "line 1: expected a line of JSON");
    assertRefused(String.join("\n", lines.subList(0, 3)), "line 4", "the end of the file");
    assertRefused(String.join("\n", lines.subList(0, 2)), "line 3", "type entry");
    assertRefused(good + "{}\n", "line 5", "more lines");
    assertRefused(good.replace("answer\"", "another\""), "line 3", "SHA-256");
    assertRefused(good.replace("\"format\":1", "\"format\":2"), "line 1", "format 1");
    assertRefused(good.replace("\"index\":1", "\"index\":2"), "line 3", "entry 1");
    assertRefused(good.replace("[1,151643]", "[1,\"x\"]"), "line 3", "token ids");
    assertRefused(good.replace("1.0E2}", "1.0E2"), "line 3", "structured_json");
    assertRefused(good.replace("\"role\":\"document\",", ""), "line 2", "a string role");
    assertThat(store.list(WHO, new ContextQuery("", "", 9)).contexts()).hasSize(1);
  }

  private void assertRefused(String text, String... parts) {
    assertThatThrownBy(() -> imported(text))
        .isInstanceOf(ArchiveFormatException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("nothing was imported");
  }
}
