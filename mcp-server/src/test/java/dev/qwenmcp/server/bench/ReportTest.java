package dev.qwenmcp.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.kernel.MachineLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reports look like. */
class ReportTest {
  private static final Machine MACHINE = new Machine("A CPU", 2, 8L << 30, "Linux", "25.0.3");
  private static final Limits LIMITS = new Limits(Optional.of(new MachineLimits(2, 40e9, 1000e9)));

  @TempDir private Path folder;

  private static Measurement row(Workload work, int busy, Map<String, Sample> speeds) {
    return new Measurement(2, work, busy, LIMITS, new Cost(200e6, 300e6), speeds);
  }

  private static Sample sample(double... values) {
    return new Sample(Arrays.stream(values).boxed().toList());
  }

  private static Report report() {
    Workload work = new Workload.Generation(64, 4096, 1);
    return new Report(
        MACHINE,
        "model, with a comma",
        List.of("a condition"),
        List.of(
            row(
                work,
                0,
                Map.of(
                    Measurement.OWN,
                    sample(90, 100, 110),
                    "llama.cpp, flash attention",
                    sample(40, 40, 40),
                    "llama.cpp, no flash attention",
                    sample(50, 50, 50))),
            row(
                work,
                1,
                Map.of(
                    Measurement.OWN,
                    sample(60),
                    "llama.cpp, flash attention",
                    sample(5),
                    "llama.cpp, no flash attention",
                    sample(2)))),
        new Report.Extras(
            List.of(new CopyingMeasurement(2, "a text", 300, sample(100), sample(250), 400, 290)),
            List.of(new ContextMemory(2, 3584, 47_000_000, OptionalLong.of(47_900_000))),
            List.of(
                new Lasting(
                    2,
                    Duration.ofMinutes(5),
                    sample(900, 1000),
                    sample(90),
                    LIMITS,
                    OptionalLong.empty()))));
  }

  private static String markdown(Report report) {
    StringWriter text = new StringWriter();
    new MarkdownReport(new PrintWriter(text)).write(report);
    return text.toString();
  }

  @Test
  void markdownComparesWithTheBestSettingOfThePeer() {
    assertThat(markdown(report()))
        .contains("- machine: A CPU, 2 cores, 8 GiB, Linux, Java 25.0.3")
        .contains("- a condition")
        .contains(
            "| 2 | generate 64 at 4096 | 100 | ± 10.0 % | 200.0 | 50 % | 3 % | 50.0 | 2.00 |");
  }

  @Test
  void markdownShowsWhatContextsTakeAndWhetherSpeedLasts() {
    assertThat(markdown(report()))
        .contains("| 2 | 3584 | 47.0 | 47.9 |")
        .contains("| 2 | 5.0 | 2 | 950 | 1000.0 | 1 | 90.0 | 40.0 | not measured |");
  }

  @Test
  void markdownShowsWhatDepthAdds() {
    Measurement shallow =
        row(new Workload.Prompt(512, 0), 0, Map.of(Measurement.OWN, sample(1000)));
    Measurement deep = row(new Workload.Prompt(512, 2048), 0, Map.of(Measurement.OWN, sample(500)));
    Report report = new Report(MACHINE, "m", List.of(), List.of(shallow, deep), Report.Extras.NONE);

    assertThat(markdown(report)).contains("| 2 | prompt 512 at 2048 | 1000.0 | 500.0 |");
  }

  @Test
  void markdownShowsWhatABusyMachineLeaves() {
    assertThat(markdown(report()))
        .contains("| 2 | generate 64 at 4096 | 1 | 60.0 | 60 % | 5.0 | 10 % |");
  }

  @Test
  void markdownShowsWhatGuessingGains() {
    assertThat(markdown(report())).contains("| 2 | a text | 300 | 100 | 250 | 2.50 | 290 of 400 |");
  }

  @Test
  void tablesHaveAsManyCellsAsColumns() {
    List<String> lines = markdown(report()).lines().filter(l -> l.startsWith("|")).toList();

    for (int i = 0; i < lines.size(); i += 3) { // header, rule, one row each
      assertThat(lines.subList(i, i + 3).stream().map(ReportTest::cells).distinct()).hasSize(1);
    }
  }

  private static long cells(String line) {
    return line.chars().filter(c -> c == '|').count();
  }

  @Test
  void limitsThatCouldNotBeMeasuredAreSaidToBe() {
    Measurement row =
        new Measurement(
            2,
            new Workload.Prompt(512, 0),
            0,
            new Limits(Optional.empty()),
            new Cost(1, 1),
            Map.of(Measurement.OWN, sample(3)));

    assertThat(markdown(new Report(MACHINE, "m", List.of(), List.of(row), Report.Extras.NONE)))
        .contains("| 2 | prompt 512 | 3.0 | ± 0.0 % | 0.0 | not measured | not measured |");
  }

  @Test
  void csvHoldsEveryContenderWithItsRange() throws Exception {
    Path file = folder.resolve("x.csv");

    CsvReport.write(report(), file);

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1 + 2 * 3 + 2);
    assertThat(lines.get(1))
        .isEqualTo(
            "\"model, with a comma\",2,generate 64 at 4096,64,4096,0,qwen-mcp,"
                + "3,100.000,90.000,110.000,200000000,300000000,0.5000,0.0300");
    assertThat(lines.get(2)).contains("\"llama.cpp, flash attention\",3,40.000").endsWith(",,,,");
    assertThat(lines.get(8)).contains("copying a text").contains("250.000");
    for (String line : lines) {
      String plain = line.replaceAll("\"[^\"]*\"", "quoted");
      assertThat(plain.chars().filter(c -> c == ',').count()).as(line).isEqualTo(14);
    }
  }
}
