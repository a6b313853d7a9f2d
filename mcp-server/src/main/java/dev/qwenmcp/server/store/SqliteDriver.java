package dev.qwenmcp.server.store;

import dev.qwenmcp.engine.kernel.ffm.LibraryCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Opens SQLite databases, with the native library from the user's cache of libraries.
 *
 * <p>By itself the driver unpacks its library into the folder for temporary files at each start,
 * compares it byte by byte, and leaves it there for good if the process is killed. What lies in the
 * cache is compared with what the jar has before it is used.
 */
public final class SqliteDriver {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteDriver.class);
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private SqliteDriver() {}

  /**
   * Opens a database.
   *
   * @param place path of its file, or {@code :memory:}
   * @throws SQLException if that is impossible
   */
  public static Connection open(String place) throws SQLException {
    load();
    // Not by way of DriverManager, which loads every driver there is.
    return JDBC.createConnection(JDBC.PREFIX + place, new Properties());
  }

  /**
   * Loads the library unless it is; where the user has set a path for it, or there is no build in
   * the jar for this machine, or nothing can be written, it is left to the driver how.
   */
  private static synchronized void load() throws SQLException {
    if (System.getProperty(PATH) != null || System.getProperty(NAME) != null) {
      return; // set by the user, or here before
    }
    String file = LibraryLoaderUtil.getNativeLibName();
    try (InputStream in =
        SQLiteJDBCLoader.class.getResourceAsStream(
            LibraryLoaderUtil.getNativeLibResourcePath() + "/" + file)) {
      if (in == null) {
        return;
      }
      try (LibraryCache.Copy copy = LibraryCache.ofUser().copy(file, in.readAllBytes())) {
        Path library = copy.file();
        System.setProperty(PATH, library.getParent().toString());
        System.setProperty(NAME, library.getFileName().toString());
        SQLiteJDBCLoader.initialize();
      }
    } catch (IOException e) {
      LOG.debug("SQLite's driver unpacks its library itself", e);
    } catch (SQLException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // what the driver's loader declares
      throw new SQLException("SQLite's library cannot be loaded", e);
    }
  }
}
