package dev.qwenmcp.server.protocol.call;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolRegistryTest {
  record Empty() {}

  private record Named(String name) implements Tool<Empty, Empty> {
    @Override
    public ToolSpec<Empty, Empty> spec() {
      return new ToolSpec<>(
          name, name, name, Empty.class, Empty.class, new ToolSpec.Hints(true, false, true, false));
    }

    @Override
    public Empty call(Empty arguments, ToolContext context) {
      return arguments;
    }
  }

  @Test
  void refusesTwoToolsOfOneName() {
    assertThatThrownBy(() -> new ToolRegistry(List.of(new Named("a"), new Named("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "ümlaut", "a/b"})
  void refusesNamesThatMcpDoesNotAllow(String name) {
    assertThatThrownBy(() -> new ToolRegistry(List.of(new Named(name))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
