package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgufFile;
import java.nio.file.Path;
import java.util.List;

/**
 * Where models run that no call names, such as those that embed texts: in the memory that all
 * models of a host share, loaded on first use and unloaded where another needs their room.
 */
public final class EngineRoom {
  private final ModelMemory memory;

  EngineRoom(ModelMemory memory) {
    this.memory = memory;
  }

  /** A room that no host shares, with what the machine has available now. */
  public static EngineRoom alone() {
    LazyModelHost.Sharing sharing = LazyModelHost.Sharing.DEFAULT;
    return new EngineRoom(new ModelMemory(sharing.budget(), sharing.patience()));
  }

  /**
   * A model that nothing is read of yet.
   *
   * @param name for people
   * @param options how it runs; its cache's memory is what it takes for keys and values
   */
  public SharedEngine engine(String name, Path file, EngineOptions options) {
    CatalogModel model =
        new CatalogModel(name, file.toString(), List.of(), () -> GgufFile.open(file));
    return new SharedEngine(new ModelSlot(model, options, memory));
  }
}
