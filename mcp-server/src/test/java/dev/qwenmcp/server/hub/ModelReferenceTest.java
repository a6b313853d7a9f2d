package dev.qwenmcp.server.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {
  @Test
  void aNameHasARepositoryAndAChoice() throws Exception {
    assertThat(ModelReference.parse("Qwen/Qwen3-30B-A3B-GGUF:Q4_K_M"))
        .isEqualTo(new ModelReference("Qwen/Qwen3-30B-A3B-GGUF", "Q4_K_M"));
    assertThat(ModelReference.parse("Qwen/Qwen3-0.6B-GGUF").choice()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Qwen", "a/b/c", "../x", "a/..", "a/b:", "a/b:c/d", "a b/c", "a/b?x"})
  void anythingElseIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> ModelReference.parse(text)).hasMessageContaining("Q4_K_M");
  }

  @Property(tries = 500)
  void whateverIsAcceptedStaysInItsFolder(@ForAll String text) {
    try {
      ModelReference reference = ModelReference.parse(text);
      assertThat(reference.repository()).doesNotContain("..").containsOnlyOnce("/");
      assertThat(reference.choice()).doesNotContain("/", "..");
    } catch (HubException e) {
      assertThat(e.kind()).isEqualTo(HubException.Kind.NAME);
    }
  }
}
