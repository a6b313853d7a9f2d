package dev.qwenmcp.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTest {
  @TempDir private Path folder;

  @Test
  void holdsTheEmbeddedModelAlone() throws Exception {
    ModelCatalog catalog = ModelCatalog.of((Path) null);

    assertThat(catalog.models()).extracting(CatalogModel::name).containsExactly("nano");
    assertThat(catalog.resolve(null).name()).isEqualTo("nano");
  }

  @Test
  void namesTheFilesOfAFolder() throws Exception {
    Files.createFile(folder.resolve("b.gguf"));
    Files.createFile(folder.resolve("A.GGUF"));
    Files.createFile(folder.resolve("notes.txt"));
    Files.createDirectory(folder.resolve("sub.gguf"));

    ModelCatalog catalog = ModelCatalog.of(folder);

    assertThat(catalog.models()).extracting(CatalogModel::name).containsExactly("nano", "A", "b");
    assertThat(catalog.resolve("b").name()).isEqualTo("b");
    assertThatThrownBy(() -> catalog.resolve("notes")).isInstanceOf(ModelException.class);
  }

  @Test
  void countsTheFilesOfASplitModelAsOne() throws Exception {
    for (int part = 1; part <= 3; part++) {
      Files.createFile(folder.resolve("big-%05d-of-00003.gguf".formatted(part)));
    }

    assertThat(ModelCatalog.of(folder).models())
        .extracting(CatalogModel::name)
        .containsExactly("nano", "big");
  }

  @Test
  void refusesTwoFilesWithOneName() throws Exception {
    Files.createFile(folder.resolve("nano.gguf"));

    assertThatThrownBy(() -> ModelCatalog.of(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nano")
        .hasMessageContaining("rename");
  }

  @Test
  void putsTheModelsAskedForFirst() throws Exception {
    Files.createFile(folder.resolve("a.gguf"));
    Path elsewhere = Files.createFile(Files.createDirectory(folder.resolve("x")).resolve("y.gguf"));

    ModelCatalog catalog = ModelCatalog.of(folder).startingWith(List.of(elsewhere.toString(), "a"));

    assertThat(catalog.models()).extracting(CatalogModel::name).containsExactly("y", "a", "nano");
    assertThat(catalog.defaultModel().name()).isEqualTo("y");
  }

  @Test
  void saysWhatThereIsWhenNothingFits() throws Exception {
    Files.createFile(folder.resolve("a.gguf"));
    ModelCatalog catalog = ModelCatalog.of(folder);

    assertThatThrownBy(() -> catalog.resolve("missing.gguf"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("missing.gguf")
        .hasMessageContaining("nano, a");
    assertThatThrownBy(() -> catalog.resolve(folder.toString()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> ModelCatalog.of(folder.resolve("nowhere")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nowhere");
  }
}
