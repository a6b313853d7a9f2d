package dev.qwenmcp.server.bench.retrieval;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds judged collections in a folder, by their files. */
public final class JudgedCollections {
  private JudgedCollections() {}

  /**
   * Cranfield, CMRC 2018 and SciTLDR where the folder has them, and every collection in BEIR's
   * layout: the folder itself, or a folder in it.
   *
   * @throws IOException if files cannot be read
   */
  public static List<JudgedCollection> in(Path folder) throws IOException {
    List<JudgedCollection> collections = new ArrayList<>();
    if (Files.isDirectory(folder.resolve("cranfield"))) {
      collections.add(CranfieldFiles.read(folder.resolve("cranfield")));
    }
    Path cmrc = folder.resolve("cmrc2018/cmrc2018_dev.json");
    if (Files.exists(cmrc)) {
      collections.add(CmrcFile.read(cmrc));
    }
    Path trial = folder.resolve("cmrc2018/cmrc2018_trial.json");
    if (Files.exists(trial)) {
      JudgedCollection read = CmrcFile.read(trial);
      collections.add(new JudgedCollection("CMRC 2018 trial", read.documents(), read.queries()));
    }
    if (Files.isDirectory(folder.resolve("scitldr"))) {
      collections.add(ScitldrFiles.read(folder.resolve("scitldr")));
    }
    if (BeirFolder.is(folder)) {
      collections.add(BeirFolder.read(folder));
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      List<Path> sorted = new ArrayList<>();
      children.forEach(sorted::add);
      sorted.sort(null);
      for (Path child : sorted) {
        if (BeirFolder.is(child)) {
          collections.add(BeirFolder.read(child));
        }
      }
    }
    return collections;
  }
}
