package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that llama.cpp's tools wrote. */
class GgufSharedFilesTest {
  @TempDir Path folder;

  @Test
  void everySharedFileOpensAndAllItsDataCanBeRead() throws IOException {
    for (Path path : sharedFiles()) {
      try (GgufFile file = GgufFile.open(path)) {
        assertThat(file.tensors()).as("%s", path).isNotEmpty();
        long sum = 0;
        for (TensorInfo tensor : file.tensors()) {
          var data = file.data(tensor);
          assertThat(data.byteSize()).isEqualTo(tensor.byteSize());
          sum +=
              data.get(ValueLayout.JAVA_BYTE, 0)
                  + data.get(ValueLayout.JAVA_BYTE, data.byteSize() - 1);
        }
        assertThat(sum).isNotZero();
        for (String key : file.metadata().keys()) {
          assertThat(file.metadata().get(key)).as("%s %s", path, key).isPresent();
        }
        int tokens = file.metadata().strings("tokenizer.ggml.tokens").orElseThrow().size();
        assertThat(file.metadata().integers("tokenizer.ggml.token_type").orElseThrow())
            .hasSize(tokens);
        assertThat(file.tensor("token_embd.weight").orElseThrow().shape().get(1)).isEqualTo(tokens);
      }
    }
  }

  @Test
  void everySharedFileIsWrittenAgainByteForByte() throws IOException {
    for (Path path : sharedFiles()) {
      Path copy = folder.resolve(path.getFileName());
      try (GgufFile file = GgufFile.open(path)) {
        GgufDraft draft = new GgufDraft();
        file.metadata().keys().forEach(key -> draft.copy(file.metadata(), key));
        file.tensors().forEach(t -> draft.tensor(t.name(), t.type(), t.shape()));
        try (GgufWriter writer = GgufWriter.create(copy, draft)) {
          for (TensorInfo tensor : file.tensors()) {
            writer.write(tensor.name(), file.data(tensor));
          }
          writer.finish();
        }
      }
      assertThat(Files.mismatch(path, copy)).as("first difference from %s", path).isEqualTo(-1);
      Files.delete(copy);
    }
  }

  private static List<Path> sharedFiles() throws IOException {
    try (Stream<Path> models = Files.list(SharedData.require("models"));
        Stream<Path> oracle = Files.list(SharedData.require("oracle/tiny"))) {
      List<Path> files =
          Stream.concat(models, oracle).filter(p -> p.toString().endsWith(".gguf")).toList();
      assertThat(files).isNotEmpty();
      return files;
    }
  }
}
