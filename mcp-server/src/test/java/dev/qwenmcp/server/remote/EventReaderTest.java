package dev.qwenmcp.server.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventReaderTest {
  private static List<String> read(byte[] stream) throws IOException {
    EventReader reader = new EventReader(new ByteArrayInputStream(stream));
    List<String> events = new ArrayList<>();
    for (Optional<String> event = reader.next(); event.isPresent(); event = reader.next()) {
      events.add(event.get());
    }
    return events;
  }

  private static List<String> read(String stream) throws IOException {
    return read(stream.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void followsTheStandard() throws IOException {
    assertThat(read("\uFEFFdata: a\ndata: b\n\n: comment\n\nevent: x\ndata:c\r\n\r\ndata: d\r\r"))
        .containsExactly("a\nb", "c", "d");
    assertThat(read("data\n\nid: 3\n\n")).containsExactly("");
    assertThat(read("data: whole\n\ndata: cut off")).containsExactly("whole");
  }

  @Test
  void boundsEveryEvent() {
    assertThatThrownBy(() -> read("data: " + "x".repeat(EventReader.MOST_BYTES)))
        .isInstanceOf(EventReader.EventTooLongException.class);
  }

  @Property(tries = 300)
  void readsWhatWasWritten(@ForAll @Size(max = 8) List<@AlphaChars String> events)
      throws IOException {
    StringBuilder stream = new StringBuilder();
    events.forEach(event -> stream.append("data: ").append(event).append("\n\n"));
    assertThat(read(stream.toString())).isEqualTo(events);
  }

  @Property(tries = 500)
  void anyBytesEnd(@ForAll byte[] bytes) throws IOException {
    assertThat(read(bytes)).isNotNull();
  }
}
