package dev.qwenmcp.server.bench.understanding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntentFolderTest {
  @TempDir private Path folder;

  @Test
  void readsTablesWithQuotesAndOutOfScope() throws Exception {
    Files.writeString(
        folder.resolve("train.csv"), "text,category\n\"a, \"\"b\"\"\nc\",x\nplain,y\n");
    Files.writeString(folder.resolve("test.csv"), "text,category\none,x\n");
    Files.writeString(folder.resolve("out_of_scope.jsonl"), "{\"text\": \"weather?\"}\n");
    IntentData data = IntentFolder.read(folder).getFirst();
    assertThat(data.train())
        .containsExactly(
            new IntentData.Item("a, \"b\"\nc", "x"), new IntentData.Item("plain", "y"));
    assertThat(data.test()).extracting(IntentData.Item::label).containsExactly("x", "out of scope");
  }

  @Test
  void readsFoldersOfFoldersAndClinc() throws Exception {
    Path clinc = Files.createDirectories(folder.resolve("clinc"));
    Files.writeString(clinc.resolve("domains.json"), "{}");
    Files.writeString(
        clinc.resolve("train_val.json"),
        "{\"train\": [[\"a\", \"x\"], [\"b\", \"x\"]], \"val\": [[\"c\", \"x\"]], \"oos_val\": [[\"d\", \"oos\"]]}");
    IntentData data = IntentFolder.read(folder).getFirst();
    assertThat(data.name()).isEqualTo("clinc");
    assertThat(data.withShots(1).train()).hasSize(1);
    assertThat(data.test()).hasSize(2);
    assertThat(data.everyNthTest(2).test()).hasSize(1);
    Path empty = Files.createDirectories(folder.resolve("clinc/empty"));
    assertThatThrownBy(() -> IntentFolder.read(empty))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("train");
  }
}
