package dev.qwenmcp.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

/**
 * Clicks through the page in a headless Chromium. With {@code -Dscreenshots=FOLDER} it leaves
 * pictures of each view there.
 */
class BrowserTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>";
  private static final By VIEW = By.cssSelector("main h1");

  @TempDir static Path data;

  private static PageServer server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Browser.require();
    server = new PageServer(data);
    browser = new Browser();
    server.call(
        server.ann,
        "ingest",
        """
        {"collection":"hotel-faq","documents":[
        {"id":"checkout","title":"Check-out","text":"Rooms are to be left by noon. Late check-out until 4 pm costs 20 euros."},
        {"id":"breakfast","title":"Breakfast","text":"Breakfast is served from 7 to 10, on Sundays until 11."},
        {"id":"parking","title":"Parking","text":"There are 30 places behind the house, 12 euros a night."}]}\
        """);
    server.call(
        server.ann,
        "run_flow",
        """
        {"flow":"ticket-triage","inputs":{"tickets":["My parcel came broken."]}}\
        """);
    server.call(
        server.ann,
        "context_open",
        """
        {"title":"%s"}\
        """
            .formatted(HOSTILE));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** Asks for a token, once in a tab. */
  private static void enter(String token) {
    browser.forgetToken(server.root());
    WebElement field = browser.shown(By.id("token-field"));
    field.sendKeys(token, Keys.ENTER);
    browser.await("the data", () -> browser.text(By.id("link")).equals("live"));
  }

  private static void view(String name) {
    browser.shown(By.linkText(name)).click();
    browser.await("the view " + name, () -> browser.text(VIEW).equals(name));
    assertThat(browser.find(By.linkText(name)).getDomAttribute("aria-current")).isEqualTo("page");
  }

  @Test
  void asksForATokenUntilItIsGood() {
    browser.forgetToken(server.root());
    browser.shown(By.id("token-field")).sendKeys("qmcp_wrong", Keys.ENTER);

    browser.await(
        "the reason",
        () -> browser.text(By.id("token-reason")).contains("unknown, revoked, expired"));
    browser.shown(By.id("token-field")).sendKeys(server.ann, Keys.ENTER);

    browser.await("the data", () -> browser.text(By.id("link")).equals("live"));
    browser.await("models", () -> browser.text(By.tagName("main")).contains("nano"));
  }

  @Test
  void callsAToolAndShowsWhatBecameOfIt() throws Exception {
    enter(server.ann);
    view("Playground");
    browser.shown(By.cssSelector("button[data-key=generate]")).click();
    WebElement prompt = browser.shown(By.name("prompt"));
    assertThat(prompt.getAriaRole()).isEqualTo("textbox");
    prompt.sendKeys("Once upon a time there was a lighthouse.");
    if (browser.find(By.name("max_tokens")).isDisplayed()) {
      browser.find(By.name("max_tokens")).sendKeys("48");
    } else {
      browser.find(By.cssSelector("form.form summary")).click();
      browser.shown(By.name("max_tokens")).sendKeys("48");
    }
    browser.shown(By.cssSelector("form.form button.primary")).click();

    browser.await("the result", () -> browser.text(By.cssSelector(".out")).contains("done"));
    assertThat(browser.text(By.cssSelector(".out"))).contains("prompt tokens");
    assertThat(browser.text(By.id("structured"))).contains("\"context_id\"", "\"usage\"");
    browser.picture("playground");

    browser.shown(By.linkText("Its context")).click();
    browser.await(
        "the entries", () -> browser.text(By.cssSelector(".entries")).contains("lighthouse"));
    assertThat(browser.shown(By.cssSelector(".choices")).getText()).contains(HOSTILE);
    assertThat(browser.all(By.cssSelector("main img"))).as("elements made of data").isEmpty();
    browser.picture("contexts");

    view("Overview");
    browser.await("the call", () -> browser.text(By.cssSelector("table")).contains("generate"));
    assertThat(browser.text(By.cssSelector(".tiles"))).contains("Prompt tokens reused");
    assertThat(browser.text(By.cssSelector(".models"))).contains("nano", "Slots", "Memory");
    browser.picture("overview");

    browser.shown(By.cssSelector("a[data-key^=experts-]")).click();
    WebElement map = browser.shown(By.cssSelector(".heat canvas"));
    map.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
    assertThat(browser.text(By.cssSelector(".readout")))
        .matches("Layer 1, expert 0: chosen \\d+ times?, [\\d.,]+ times its even share\\.");
    browser.picture("experts");
  }

  @Test
  void stopsACallAndShowsThatItWasCancelled() throws Exception {
    enter(server.ann);
    view("Playground");
    browser.shown(By.cssSelector("button[data-key=generate]")).click();
    browser.shown(By.name("prompt")).sendKeys("Tell me a story.");
    browser.put(By.name("max_tokens"), "400");
    browser.put(By.name("regex"), "[a-z ]{3000}");
    // All slots are taken, so that there is time to click.
    List<CompletableFuture<JsonNode>> others =
        Stream.generate(() ->
                CompletableFuture.supplyAsync(
                    () -> server.callAtLength(server.ann), Thread::startVirtualThread))
            .limit(8)
            .toList();
    browser.shown(By.cssSelector("form.form button.primary")).click();
    browser.shown(By.xpath("//button[text()='Stop' and not(@disabled)]")).click();
    browser.await("the end", () -> browser.text(By.cssSelector(".out")).equals("Stopped."));

    view("Overview");
    browser.await(
        "calls that run", () -> browser.text(By.cssSelector(".running")).contains("nano"));
    browser.picture("running");
    browser.await("the call", () -> browser.text(By.cssSelector("table")).contains("cancelled"));
    for (CompletableFuture<JsonNode> other : others) {
      assertThat(other.get(60, TimeUnit.SECONDS)).isNotNull();
    }
    browser.await(
        "rest", () -> browser.text(By.tagName("main")).contains("No call of yours is running"));
  }

  @Test
  void searchesACollectionAndShowsARun() throws Exception {
    enter(server.ann);
    view("Knowledge");
    browser.shown(By.cssSelector("button[data-key=hotel-faq]")).click();
    browser.shown(By.id("query")).sendKeys("When must I leave my room?", Keys.ENTER);
    browser.await(
        "passages", () -> browser.text(By.cssSelector(".entries")).contains("left by noon"));
    browser.picture("knowledge");

    view("Flows");
    browser.shown(By.cssSelector(".choices button")).click();
    browser.await("steps", () -> browser.text(By.cssSelector(".steps")).contains("understand"));
    browser.picture("flows");
  }

  @Test
  void showsNothingOfAnotherPrincipal() {
    enter(server.bob);
    view("Contexts");
    browser.await("nothing", () -> browser.text(By.cssSelector(".choices")).contains("None yet"));
    view("Knowledge");
    browser.await("nothing", () -> browser.text(By.cssSelector(".choices")).contains("None yet"));
    view("Flows");
    browser.await("nothing", () -> browser.text(By.cssSelector(".choices")).contains("None yet"));
    view("Overview");
    browser.await("models", () -> browser.text(By.cssSelector(".models")).contains("nano"));
    assertThat(browser.text(By.cssSelector(".models")))
        .contains("does not show")
        .doesNotContain("Slots");
    assertThat(browser.text(By.tagName("main")))
        .contains("No call of yours is running", "None yet");
  }

  @Test
  void worksByKeyboardAndOnAPhone() {
    enter(server.ann);
    browser.phone();
    for (String name :
        List.of("Overview", "Experts", "Contexts", "Knowledge", "Flows", "Playground")) {
      view(name);
      assertThat(browser.overhang()).as("pixels beyond the edge in " + name).isZero();
    }
    browser.desktop();
    view("Overview");
    browser.press(Keys.TAB);
    browser.press(Keys.TAB);
    assertThat(browser.focused().getTagName()).isIn("a", "button");
    for (WebElement control : browser.all(By.cssSelector("input, select, textarea, button, a"))) {
      if (control.isDisplayed()) {
        assertThat(control.getAccessibleName()).as(control.toString()).isNotBlank();
      }
    }
    assertThat(browser.complaints()).as("what the browser complained of").isEmpty();
  }
}
