package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.transport.StdioStreams;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A server program for tests: the toy tools, and one that writes to standard output by every way
 * there is.
 */
public final class TalkativeServer {
  private TalkativeServer() {}

  public static void main(String[] args) throws IOException {
    StdioStreams streams = StdioStreams.take();
    List<Tool<?, ?>> tools = new ArrayList<>(new ToyTools().all());
    tools.add(new Shout());
    boolean complete =
        new McpEndpoint(
                tools,
                Resources.NONE,
                EndpointSettings.standard("test").withResultCharacters(4_000_000))
            .serve(streams.in(), streams.out());
    System.exit(complete ? 0 : 1);
  }

  /** Makes noise. */
  static final class Shout implements Tool<ToyTools.Nothing, ToyTools.Done> {
    @Override
    public ToolSpec<ToyTools.Nothing, ToyTools.Done> spec() {
      return new ToolSpec<>(
          "shout",
          "Shout",
          "Writes to standard output.",
          ToyTools.Nothing.class,
          ToyTools.Done.class,
          new ToolSpec.Hints(true, false, true, false));
    }

    @Override
    @SuppressWarnings("restricted")
    public ToyTools.Done call(ToyTools.Nothing arguments, ToolContext context) {
      System.out.println("noise from Java");
      Linker linker = Linker.nativeLinker();
      try (Arena arena = Arena.ofConfined()) {
        int status =
            (int)
                linker
                    .downcallHandle(
                        linker.defaultLookup().findOrThrow("puts"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                    .invokeExact(arena.allocateFrom("noise from puts"));
        status +=
            (int)
                linker
                    .downcallHandle(
                        linker.defaultLookup().findOrThrow("fflush"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                    .invokeExact(MemorySegment.NULL);
        String text = "noise from write\n";
        long written =
            (long)
                linker
                    .downcallHandle(
                        linker.defaultLookup().findOrThrow("write"),
                        FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG))
                    .invokeExact(1, arena.allocateFrom(text), (long) text.length());
        return new ToyTools.Done(status >= 0 && written == text.length());
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
  }
}
