package dev.qwenmcp.server.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Serves the files of the page. */
final class PageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient PageFiles files;

  PageServlet(PageFiles files) {
    this.files = files;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath();
    Optional<PageFiles.PageFile> file = files.at(path.isEmpty() ? PageFiles.ROOT : path);
    if (file.isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    PageHeaders.on(response);
    response.setHeader("Cache-Control", "no-cache"); // the next version may have another
    response.setContentType(file.get().type());
    response.setContentLength(file.get().bytes().length);
    response.getOutputStream().write(file.get().bytes());
  }
}
