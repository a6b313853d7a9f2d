package dev.qwenmcp.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, which is installed on the machine; nothing is downloaded. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PICTURES = System.getProperty("screenshots", "");
  private static final Dimension DESK = new Dimension(1280, 900);

  private final ChromeDriver driver;

  /** Skips the test where there is no browser, loudly; fails where there must be one. */
  static void require() {
    if (Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER)) {
      return;
    }
    String message =
        "*** SKIPPED: the page is not tested here: install the packages chromium and chromium-driver";
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message.replace("SKIPPED", "MISSING"));
    }
    System.err.println(message);
    Assumptions.abort(message);
  }

  Browser() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments("--headless=new", "--disable-gpu", "--disable-dev-shm-usage");
    if ("root".equals(System.getProperty("user.name"))) {
      options.addArguments("--no-sandbox"); // which root cannot have
    }
    options.setCapability("goog:loggingPrefs", logs);
    File executable = DRIVER.toFile();
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(executable).build(), options);
    desktop();
  }

  /** Opens the page as a tab does that has no token yet. */
  void forgetToken(String root) {
    driver.get(root + "/");
    driver.executeScript("sessionStorage.clear()");
    driver.get("about:blank");
    driver.get(root + "/");
  }

  void desktop() {
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    driver.manage().window().setSize(DESK);
  }

  /** A small phone. */
  void phone() {
    metrics(360, 740, true);
  }

  private void metrics(int width, int height, boolean mobile) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
  }

  /** Pixels by which the page is wider than the window. */
  long overhang() {
    return (Long)
        driver.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  List<WebElement> all(By by) {
    return driver.findElements(by);
  }

  WebElement find(By by) {
    return driver.findElement(by);
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  void press(CharSequence keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Puts a text into a field, also one that is folded away. */
  void put(By by, String text) {
    driver.executeScript("arguments[0].value = arguments[1]", find(by), text);
  }

  /** An element once it is shown. */
  WebElement shown(By by) {
    await(by + " is shown", () -> all(by).stream().anyMatch(WebElement::isDisplayed));
    return all(by).stream().filter(WebElement::isDisplayed).findFirst().orElseThrow();
  }

  /** Text of an element as people see it, empty while it is not there. */
  String text(By by) {
    List<WebElement> elements = all(by);
    return elements.isEmpty() ? "" : elements.getFirst().getText();
  }

  /** Waits until something is so; what is being redrawn meanwhile is looked at again. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      assertThat(System.nanoTime())
          .as("waiting until %s; the page says: %s", what, text(By.tagName("body")))
          .isLessThan(deadline);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (StaleElementReferenceException | NoSuchElementException e) {
      return false;
    }
  }

  /** Errors on the browser's console, such as a broken policy; refused tokens are none. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("status of 401") && !message.contains("status of 403"))
        .toList();
  }

  /** Leaves pictures of what is shown, on a desk and a phone, light and dark. */
  void picture(String name) throws IOException {
    if (PICTURES.isEmpty()) {
      return;
    }
    Path folder = Files.createDirectories(Path.of(PICTURES));
    for (String scheme : List.of("light", "dark")) {
      driver.executeCdpCommand(
          "Emulation.setEmulatedMedia",
          Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
      metrics(1280, 900, false);
      save(folder.resolve(name + "-desk-" + scheme + ".png"));
      metrics(390, 1100, true);
      save(folder.resolve(name + "-phone-" + scheme + ".png"));
    }
    desktop();
  }

  private void save(Path file) throws IOException {
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
