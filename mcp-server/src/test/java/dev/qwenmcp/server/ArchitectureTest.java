package dev.qwenmcp.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies point down only; see the picture in the architecture's description. */
class ArchitectureTest {
  private static final String ENGINE = "dev.qwenmcp.engine..";
  private static final String SERVER = "dev.qwenmcp.server.";

  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // Other modules' test classes come as a jar of their own.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.qwenmcp");
  }

  @Test
  void seesBothModules() {
    Set<String> packages =
        product.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

    assertThat(packages)
        .contains(
            "dev.qwenmcp.engine.gguf",
            SERVER + "protocol",
            SERVER + "tool",
            SERVER + "transport",
            SERVER + "endpoint");
    assertThat(packages).noneMatch(name -> name.endsWith(".archunit"));
  }

  @Test
  void theEngineDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage(ENGINE)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(ENGINE, "java..", "com.sun.management.."))
        .check(product);
  }

  /**
   * Who may use whom inside the server. A package that is missing here fails the test, so that
   * whoever adds one says where it belongs.
   */
  @Test
  void packagesOfTheServerUseOnlyWhatIsBelowThem() {
    LayeredArchitecture rules =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.qwenmcp..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("engine")
            .definedBy(ENGINE)
            .layer("cli")
            .definedBy(SERVER + "cli..")
            .layer("endpoint")
            .definedBy(SERVER + "endpoint..")
            .layer("legacy")
            .definedBy(SERVER + "protocol.legacy..")
            .layer("modern")
            .definedBy(SERVER + "protocol.modern..")
            .layer("message")
            .definedBy(SERVER + "protocol.message..")
            .layer("job")
            .definedBy(SERVER + "job..")
            .layer("store")
            .definedBy(SERVER + "store..")
            .layer("call")
            .definedBy(SERVER + "protocol.call..")
            .layer("schema")
            .definedBy(SERVER + "protocol.schema..")
            .layer("protocol")
            .definedBy(SERVER + "protocol")
            .layer("transport")
            .definedBy(SERVER + "transport..")
            .layer("ops")
            .definedBy(SERVER + "ops..")
            .layer("web")
            .definedBy(SERVER + "web..")
            .layer("tool")
            .definedBy(SERVER + "tool..")
            .layer("answer")
            .definedBy(SERVER + "answer..")
            .layer("flow")
            .definedBy(SERVER + "flow..")
            .layer("client")
            .definedBy(SERVER + "client..")
            .layer("install")
            .definedBy(SERVER + "install..")
            .layer("settings")
            .definedBy(SERVER + "settings..")
            .layer("context")
            .definedBy(SERVER + "context..")
            .layer("knowledge")
            .definedBy(SERVER + "knowledge..")
            .layer("document")
            .definedBy(SERVER + "document")
            .layer("reader")
            .definedBy(SERVER + "document.reader..")
            .layer("folder")
            .definedBy(SERVER + "document.folder..")
            .layer("label")
            .definedBy(SERVER + "label..")
            .layer("model")
            .definedBy(SERVER + "model..")
            .layer("hub")
            .definedBy(SERVER + "hub..")
            .layer("remote")
            .definedBy(SERVER + "remote..")
            .layer("text")
            .definedBy(SERVER + "text..")
            .layer("peer")
            .definedBy(SERVER + "bench.peer..")
            .layer("reuse")
            .definedBy(SERVER + "bench.reuse..")
            .layer("callers")
            .definedBy(SERVER + "bench.callers..")
            .layer("understanding bench")
            .definedBy(SERVER + "bench.understanding..")
            .layer("retrieval bench")
            .definedBy(SERVER + "bench.retrieval..")
            .layer("flow bench")
            .definedBy(SERVER + "bench.flow..")
            .layer("grammar bench")
            .definedBy(SERVER + "bench.grammar..")
            .layer("bench")
            .definedBy(SERVER + "bench");
    rules
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("endpoint")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("legacy")
        .mayOnlyBeAccessedByLayers("endpoint")
        .whereLayer("modern")
        .mayOnlyBeAccessedByLayers("endpoint", "cli")
        .whereLayer("message")
        .mayOnlyBeAccessedByLayers("legacy", "modern", "job")
        .whereLayer("job")
        .mayOnlyBeAccessedByLayers("modern", "endpoint", "cli")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("context", "flow", "job", "label", "cli")
        .whereLayer("call")
        .mayOnlyBeAccessedByLayers(
            "legacy", "modern", "message", "job", "endpoint", "flow", "ops", "web", "cli")
        .whereLayer("schema")
        .mayOnlyBeAccessedByLayers("call", "legacy", "modern")
        .whereLayer("transport")
        .mayOnlyBeAccessedByLayers("legacy", "modern", "endpoint", "ops", "web", "cli")
        .whereLayer("ops")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("web")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("protocol")
        .mayOnlyBeAccessedByLayers(
            "schema",
            "call",
            "message",
            "legacy",
            "modern",
            "job",
            "endpoint",
            "ops",
            "web",
            "tool",
            "flow",
            "flow bench",
            "cli")
        .whereLayer("tool")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("answer")
        .mayOnlyBeAccessedByLayers("tool")
        .whereLayer("flow")
        .mayOnlyBeAccessedByLayers("web", "cli", "flow bench")
        .whereLayer("flow bench")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("client")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("install")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("settings")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("context")
        .mayOnlyBeAccessedByLayers("tool", "web", "cli", "flow")
        .whereLayer("knowledge")
        .mayOnlyBeAccessedByLayers(
            "tool", "answer", "web", "cli", "label", "retrieval bench", "document", "folder")
        .whereLayer("document")
        .mayOnlyBeAccessedByLayers("tool", "reader", "folder")
        .whereLayer("reader")
        .mayOnlyBeAccessedByLayers("folder", "cli")
        .whereLayer("folder")
        .mayOnlyBeAccessedByLayers("tool", "cli")
        .whereLayer("label")
        .mayOnlyBeAccessedByLayers("tool", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("tool", "hub", "ops", "web", "cli", "knowledge")
        .whereLayer("hub")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("remote")
        .mayOnlyBeAccessedByLayers("model", "tool", "cli")
        .whereLayer("text")
        .mayOnlyBeAccessedByLayers("tool", "knowledge", "answer", "document")
        .whereLayer("peer")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("understanding bench")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("retrieval bench")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("grammar bench")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("reuse")
        .mayOnlyBeAccessedByLayers("cli", "peer", "understanding bench")
        .whereLayer("callers")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("bench")
        .mayOnlyBeAccessedByLayers(
            "cli", "peer", "reuse", "callers", "grammar bench", "understanding bench")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers(
            "cli",
            "tool",
            "context",
            "knowledge",
            "model",
            "remote",
            "protocol",
            "call",
            "ops",
            "job",
            "modern",
            "web",
            "legacy",
            "bench",
            "reuse",
            "callers",
            "flow",
            "store",
            "grammar bench")
        .check(product);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("dev.qwenmcp.server.(**)").should().beFreeOfCycles().check(product);
    // The engine's root package holds its API and the values that all of it shares.
    slices().matching("dev.qwenmcp.engine.(*)..").should().beFreeOfCycles().check(product);
  }

  /** Except that the command line, as the demo's client, is one that talks to the server. */
  @Test
  void eachLibraryIsUsedInItsPlaceOnly() {
    only(
        "io.modelcontextprotocol..",
        SERVER + "protocol.legacy..",
        SERVER + "cli..",
        SERVER + "client..");
    only("com.nimbusds..", SERVER + "transport.http.security..");
    only("io.micrometer..", SERVER + "ops..", SERVER + "cli..");
    only("io.opentelemetry..", SERVER + "ops..");
    only("org.eclipse.jetty..", SERVER + "transport.http..");
    only("jakarta.servlet..", SERVER + "transport.http..", SERVER + "ops..", SERVER + "web..");
    only("picocli..", SERVER + "cli..");
    only("org.jline..", SERVER + "cli..");
    only("org.apache.lucene..", SERVER + "knowledge..", SERVER + "text..");
    only("ai.onnxruntime..", SERVER + "knowledge.onnx..");
    only("org.apache.tika..", SERVER + "document..");
    only("org.apache.poi..", SERVER + "document.reader..");
    only("org.jsoup..", SERVER + "document.reader..");
    only("org.commonmark..", SERVER + "document");
    only(
        "org.snakeyaml..",
        SERVER + "document",
        SERVER + "flow.declaration..",
        SERVER + "settings..");
    only("io.github.resilience4j..", SERVER + "remote..");
    only(
        "java.sql..",
        SERVER + "context.sql..",
        SERVER + "flow.sql..",
        SERVER + "job.sql..",
        SERVER + "label.sql..",
        SERVER + "store..");
    only("org.sqlite..", SERVER + "context.sql..", SERVER + "store..");
    only("org.postgresql..", SERVER + "context.sql..");
    only("com.zaxxer..", SERVER + "context.sql..");
    only(
        "com.networknt..",
        SERVER + "protocol.schema..",
        SERVER + "tool..",
        SERVER + "bench.understanding..");
    only("opennlp..", SERVER + "text..");
    only(
        "reactor..",
        SERVER + "endpoint..",
        SERVER + "protocol.call..",
        SERVER + "protocol.legacy..",
        SERVER + "protocol.modern..",
        SERVER + "transport..");
  }

  private static void only(String library, String... users) {
    noClasses()
        .that()
        .resideOutsideOfPackages(users)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(product);
  }

  /**
   * And the measured peer, which runs in a process of its own, and what sets a variable for a
   * library.
   */
  @Test
  void onlyTheEngineAndTheTransportCallNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ENGINE, SERVER + "transport..", SERVER + "bench.peer..", SERVER + "knowledge.onnx..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class, SymbolLookup.class)
        .check(product);
  }

  /** For everybody else it is the logger, or what the command line hands over. */
  @Test
  void onlyTheCommandLineAndTheTransportTouchStandardStreams() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SERVER + "cli..", SERVER + "transport..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .accessField(System.class, "in")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(product);
  }

  @Test
  void classesAreNamedForWhatTheyAre() {
    noClasses()
        .should(
            be(
                DescribedPredicate.describe(
                    "named Impl, Util, Utils, Manager or Helper",
                    (JavaClass type) ->
                        type.getSimpleName().matches(".*(Impl|Utils?|Manager|Helpers?)"))))
        .check(product);
  }

  @Test
  void noStateIsStaticAndMutable() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(product);
  }
}
