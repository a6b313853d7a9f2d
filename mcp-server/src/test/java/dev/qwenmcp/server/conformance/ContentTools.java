package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;

/** Tools that show each kind of content, and how a call goes on. */
final class ContentTools {
  /** A red pixel. */
  static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5E"
          + "rkJggg==";

  /** A sound without samples. */
  private static final String WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

  private static final int STEP_MILLIS = 50;

  private ContentTools() {}

  static List<Tool<?, ?>> all() {
    Content image = new Content.Image(PNG, "image/png");
    return List.of(
        FixtureTool.showing("test_simple_text", "This is a simple text response for testing."),
        FixtureTool.showing("test_image_content", "An image:", image),
        FixtureTool.showing("test_audio_content", "A sound:", new Content.Audio(WAV, "audio/wav")),
        FixtureTool.showing(
            "test_embedded_resource",
            "A resource:",
            new Content.Embedded(
                new Resources.Content(
                    "test://embedded-resource",
                    "text/plain",
                    "This is an embedded resource content."))),
        FixtureTool.showing(
            "test_multiple_content_types",
            "Multiple content types test:",
            image,
            new Content.Embedded(
                new Resources.Content(
                    "test://mixed-content-resource",
                    "application/json",
                    "{\"test\":\"data\",\"value\":123}"))),
        FixtureTool.doing("test_tool_with_logging", (nothing, call) -> logs(call)),
        FixtureTool.doing(
            "test_error_handling",
            (nothing, call) -> {
              throw new ToolException(
                  "intended", "This tool intentionally returns an error for testing");
            }),
        FixtureTool.doing("test_tool_with_progress", (nothing, call) -> progresses(call)),
        FixtureTool.doing("test_reconnection", (nothing, call) -> progresses(call)),
        new Schema2020Tool());
  }

  private static String logs(ToolContext call) throws InterruptedException {
    call.log(LogLevel.INFO, "fixture", "Tool execution started");
    Thread.sleep(STEP_MILLIS);
    call.log(LogLevel.INFO, "fixture", "Tool processing data");
    Thread.sleep(STEP_MILLIS);
    call.log(LogLevel.INFO, "fixture", "Tool execution completed");
    return "Three messages were logged.";
  }

  /** Steps far enough apart that none is left out for coming too soon. */
  private static String progresses(ToolContext call) throws InterruptedException {
    for (double progress : List.of(0.0, 50.0, 100.0)) {
      call.progress(progress, 100.0, "at " + progress);
      Thread.sleep(3 * STEP_MILLIS);
    }
    return "Three steps were reported.";
  }
}
