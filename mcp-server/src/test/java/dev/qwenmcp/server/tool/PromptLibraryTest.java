package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptLibraryTest {
  @Test
  void everyProfileHasEveryPrompt() {
    for (PromptProfile profile : new PromptProfile[] {PromptProfile.STANDARD, PromptProfile.NANO}) {
      for (String name :
          new String[] {
            "system",
            "document",
            "passage",
            "passages",
            "classify",
            "classify-answer",
            "extract",
            "summarise",
            "summarise-merge"
          }) {
        assertThat(PromptLibrary.get(profile, name).text()).isNotBlank();
      }
    }
    assertThat(PromptLibrary.get(PromptProfile.NANO, "classify").name())
        .isEqualTo("v1/nano/classify");
    assertThat(PromptLibrary.get(PromptProfile.NANO, "extract").name())
        .isEqualTo("v1/standard/extract");
  }

  @Test
  void whatIsFilledInIsNeverAPlace() {
    PromptTemplate template = new PromptTemplate("t", "{{a}}-{{b}}");
    assertThat(template.fill(Map.of("a", "{{b}}$1\\", "b", "x"))).isEqualTo("{{b}}$1\\-x");
    assertThatThrownBy(() -> template.fill(Map.of("a", "x"))).hasMessageContaining("b");
  }

  @Test
  void theDocumentComesFirstAndTheTaskLast() {
    for (String name : new String[] {"classify", "extract", "summarise", "summarise-merge"}) {
      assertThat(PromptLibrary.get(PromptProfile.STANDARD, name).text())
          .startsWith("{{document}}\n\nTask:");
    }
  }
}
