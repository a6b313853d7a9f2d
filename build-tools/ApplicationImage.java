import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Makes what is installed: the program with its own Java as a {@code .tar.gz}, the same as an MCPB
 * bundle, and {@code server.json} for the MCP registry.
 *
 * <p>Runs as a source-file program on the build's JDK, whose jlink makes the Java of the image. The
 * archives have the same bytes for the same content.
 *
 * <p>Arguments: the repository, the module's target folder, the version, the time of all files in
 * archives (ISO 8601), the URL below which releases lie.
 */
public final class ApplicationImage {
  /**
   * What the program and its libraries use of the JDK; the jars have no module descriptors, so they
   * go on the class path of an image that is the JDK's alone.
   */
  private static final List<String> MODULES =
      List.of(
          "java.desktop", // PDF and office documents have fonts and colours
          "java.logging",
          "java.management",
          "java.naming", // PostgreSQL's driver, the connection pool
          "java.net.http",
          "java.security.jgss", // PostgreSQL's driver
          "java.sql",
          "java.xml.crypto", // office documents
          "jdk.charsets", // texts in GB 18030, Big5, Shift-JIS and others
          "jdk.crypto.ec",
          "jdk.localedata", // word boundaries
          "jdk.management",
          "jdk.unsupported", // sun.misc.Unsafe, in libraries
          "jdk.zipfs");

  /** Texts of licences and notices in jars, wherever they lie. */
  private static final String LICENCE = "(?i)(META-INF/)?(LICENSE|LICENCE|NOTICE)[^/]*";

  private final Path root;
  private final Path target;
  private final String version;
  private final Instant time;
  private final String releases;
  private final Platform platform = Platform.current();

  private ApplicationImage(Path root, Path target, String version, Instant time, String releases) {
    this.root = root;
    this.target = target;
    this.version = version;
    this.time = time;
    this.releases = releases;
  }

  /**
   * An operating system and processor.
   *
   * @param os as names of files have it
   * @param arch as names of files have it
   * @param mcpb the operating system in MCPB's words
   */
  private record Platform(String os, String arch, String mcpb) {
    static Platform current() {
      String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
      String arch =
          switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            case String other -> other;
          };
      return os.startsWith("mac")
          ? new Platform("macos", arch, "darwin")
          : new Platform(os.startsWith("linux") ? "linux" : os.replace(' ', '-'), arch, "linux");
    }
  }

  public static void main(String[] args) throws IOException {
    new ApplicationImage(
            Path.of(args[0]).toAbsolutePath().normalize(),
            Path.of(args[1]).toAbsolutePath().normalize(),
            args[2],
            Instant.parse(args[3]),
            args[4])
        .make();
  }

  private void make() throws IOException {
    String name = "qwen-mcp-%s-%s-%s".formatted(version, platform.os(), platform.arch());
    Path archive = target.resolve(name + ".tar.gz");
    Path bundle = target.resolve(name + ".mcpb");
    Path image = target.resolve("image").resolve(name);
    Path stamp = target.resolve("image").resolve("made-from");
    String inputs = inputs();
    if (Files.exists(archive)
        && Files.exists(bundle)
        && Files.exists(stamp)
        && Files.readString(stamp).equals(inputs)) {
      return;
    }
    delete(target.resolve("image"));
    Files.createDirectories(image.resolve("bin"));
    java(image.resolve("runtime"));
    program(image.resolve("app"));
    Files.copy(root.resolve("packaging/image/qwen-mcp"), image.resolve("bin/qwen-mcp"));
    image.resolve("bin/qwen-mcp").toFile().setExecutable(true);
    copy(root.resolve("packaging/systemd"), image.resolve("share/systemd"));
    for (String file : List.of("LICENSE", "README.md")) {
      Files.copy(root.resolve(file), image.resolve(file));
    }
    licences(image);
    tar(image, name, archive);
    mcpb(image, bundle);
    registry(bundle, target.resolve("server.json"));
    Files.writeString(stamp, inputs);
    System.err.printf(
        "%s: %d MiB unpacked, %d MiB as tar.gz, %d MiB as mcpb%n",
        name, size(image) >> 20, Files.size(archive) >> 20, Files.size(bundle) >> 20);
  }

  /** What the archives are made from, told by names, sizes and times. */
  private String inputs() throws IOException {
    List<Path> files = new ArrayList<>(program());
    files.addAll(files(root.resolve("packaging")));
    files.add(root.resolve("build-tools/ApplicationImage.java"));
    files.add(root.resolve("README.md"));
    StringBuilder text = new StringBuilder(System.getProperty("java.vm.version")).append('\n');
    text.append(version).append(' ').append(releases).append('\n');
    for (Path file : files) {
      text.append(file).append(' ').append(Files.size(file)).append(' ');
      text.append(Files.getLastModifiedTime(file)).append('\n');
    }
    return text.toString();
  }

  private static void java(Path folder) {
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
    int status =
        jlink.run(
            System.err,
            System.err,
            "--add-modules",
            String.join(",", MODULES),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--generate-cds-archive", // for the process that parses documents, and the first start
            "--output",
            folder.toString());
    if (status != 0) {
      throw new IllegalStateException("jlink failed with status " + status);
    }
  }

  /** The program's jar, the jars on its class path, and those for documents. */
  private List<Path> program() throws IOException {
    Path app = target.resolve("app");
    List<Path> jars = new ArrayList<>(List.of(app.resolve("qwen-mcp.jar")));
    try (JarFile jar = new JarFile(jars.getFirst().toFile())) {
      for (String entry : jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ")) {
        jars.add(app.resolve(entry));
      }
    }
    jars.addAll(files(app.resolve("lib/documents")));
    return jars;
  }

  private void program(Path folder) throws IOException {
    MessageDigest digest = sha256();
    for (Path jar : program()) {
      Path copy = folder.resolve(target.resolve("app").relativize(jar).toString());
      Files.createDirectories(copy.getParent());
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
        if (jar.getFileName().toString().startsWith("picocli-")) {
          cacheable(jar, out);
        } else {
          Files.copy(jar, out);
        }
      }
      Files.setLastModifiedTime(copy, FileTime.from(time));
    }
    digest.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        folder.resolve("build-id"),
        HexFormat.of().formatHex(digest.digest()).substring(0, 16) + "\n");
  }

  /**
   * Writes a jar with its classes in the format of Java 8, which adds stack maps and changes no
   * instruction: the JVM's start cache refuses older formats, and these classes are needed at every
   * start.
   */
  private void cacheable(Path jar, OutputStream out) throws IOException {
    try (JarFile content = new JarFile(jar.toFile())) {
      ClassFile format =
          ClassFile.of(
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(
                          type -> {
                            String name = type.descriptorString();
                            return stream(content, name.substring(1, name.length() - 1) + ".class");
                          })
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        for (var entry : content.stream().filter(e -> !e.isDirectory()).toList()) {
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(time.toEpochMilli());
          zip.putNextEntry(copy);
          byte[] data = content.getInputStream(entry).readAllBytes();
          zip.write(entry.getName().endsWith(".class") ? newer(format, data) : data);
          zip.closeEntry();
        }
      }
      out.write(bytes.toByteArray());
    }
  }

  private static byte[] newer(ClassFile format, byte[] data) {
    ClassModel type = format.parse(data);
    if (type.majorVersion() >= ClassFile.JAVA_8_VERSION) {
      return data;
    }
    return format.transformClass(
        type,
        ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen((builder, element) -> {
              if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
              } else {
                builder.with(element);
              }
            }));
  }

  private static InputStream stream(JarFile jar, String name) {
    try {
      return jar.getEntry(name) == null ? null : jar.getInputStream(jar.getEntry(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The licences and notices of all libraries, as their jars have them. */
  private void licences(Path image) throws IOException {
    Path folder = Files.createDirectories(image.resolve("licenses"));
    for (Path jar : program()) {
      String library = jar.getFileName().toString().replaceFirst("\\.jar$", "");
      try (JarFile content = new JarFile(jar.toFile())) {
        for (var entry : content.stream().filter(e -> e.getName().matches(LICENCE)).toList()) {
          if (entry.isDirectory()) {
            continue;
          }
          String file = entry.getName().replaceFirst("^META-INF/", "");
          Path text = Files.createDirectories(folder.resolve(library)).resolve(file);
          try (InputStream in = content.getInputStream(entry)) {
            Files.copy(in, text, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
    Files.writeString(
        Files.createDirectories(folder.resolve("picocli-changes")).resolve("CHANGES.txt"),
        "The classes of picocli are in a newer class file format here; their code is unchanged.\n");
    // Those of the JDK lie in runtime/legal; what jars do not carry is named by Maven's list.
    Files.copy(
        target.resolve("generated-sources/license/THIRD-PARTY.txt"),
        folder.resolve("THIRD-PARTY.txt"));
  }

  private void tar(Path image, String name, Path archive) throws IOException {
    GzipParameters level = new GzipParameters();
    level.setCompressionLevel(Deflater.BEST_SPEED); // most of it is jars
    Path unfinished = archive.resolveSibling(archive.getFileName() + ".new");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(
                new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16), level),
            StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path file : files(image)) {
        TarArchiveEntry entry = new TarArchiveEntry(name + "/" + unixPath(image, file));
        entry.setSize(Files.size(file));
        entry.setModTime(time.toEpochMilli());
        entry.setMode(Files.isExecutable(file) ? 0100755 : 0100644);
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
    Files.move(unfinished, archive, StandardCopyOption.REPLACE_EXISTING);
  }

  private void mcpb(Path image, Path bundle) throws IOException {
    Path unfinished = bundle.resolveSibling(bundle.getFileName() + ".new");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(unfinished.toFile())) {
      zip.setLevel(Deflater.BEST_SPEED);
      String manifest =
          filled("packaging/mcpb/manifest.json").replace("@platform@", platform.mcpb());
      ZipArchiveEntry first = new ZipArchiveEntry("manifest.json");
      first.setTime(time.toEpochMilli());
      first.setUnixMode(0100644);
      zip.putArchiveEntry(first);
      zip.write(manifest.getBytes(StandardCharsets.UTF_8));
      zip.closeArchiveEntry();
      for (Path file : files(image)) {
        ZipArchiveEntry entry = new ZipArchiveEntry("server/" + unixPath(image, file));
        entry.setTime(time.toEpochMilli());
        entry.setUnixMode(Files.isExecutable(file) ? 0100755 : 0100644);
        if (file.toString().endsWith(".jar")) {
          stored(entry, file);
        }
        zip.putArchiveEntry(entry);
        Files.copy(file, zip);
        zip.closeArchiveEntry();
      }
    }
    Files.move(unfinished, bundle, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Jars are compressed already. */
  private static void stored(ZipArchiveEntry entry, Path file) throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = new byte[1 << 16];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        crc.update(block, 0, read);
      }
    }
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(Files.size(file));
    entry.setCrc(crc.getValue());
  }

  private void registry(Path bundle, Path file) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(bundle, out);
    }
    Files.writeString(
        file,
        filled("packaging/registry/server.json")
            .replace("@bundle@", releases + "/v" + version + "/" + bundle.getFileName())
            .replace("@sha256@", HexFormat.of().formatHex(digest.digest())));
  }

  private String filled(String template) throws IOException {
    return Files.readString(root.resolve(template)).replace("@version@", version);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String unixPath(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /** All files below a folder, in the order of their names. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
