package dev.qwenmcp.server.web;

import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.transport.http.HttpPart;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The page and what it reads, as parts of an HTTP server. */
public final class WebPage {
  /** Paths that are answered to everybody: files, which hold no data. */
  public static final Set<String> OPEN = PageFiles.PATHS;

  /** Paths of those who may see how the whole server fares. */
  public static final Set<String> OPERATIONS = Set.of(ModelsApi.SERVER);

  private final CallBoard board;
  private final List<HttpPart> parts = new ArrayList<>();

  /**
   * @param sources what is shown
   * @param clock of the calls
   */
  public WebPage(WebSources sources, InstantSource clock) {
    this.board = new CallBoard(clock);
    PageServlet page = new PageServlet(new PageFiles());
    for (String path : OPEN) {
      parts.add(new HttpPart.Served(path.equals(PageFiles.ROOT) ? "" : path, page));
    }
    Map<String, ApiAnswer> answers = new LinkedHashMap<>();
    answers.putAll(new ModelsApi(sources.models(), sources.version(), clock).answers());
    answers.putAll(new CallsApi(board).answers());
    answers.putAll(new ContextsApi(sources.contexts()).answers());
    answers.putAll(new KnowledgeApi(sources.knowledge()).answers());
    answers.putAll(new RunsApi(sources.runs()).answers());
    answers.forEach((path, answer) -> parts.add(new HttpPart.Served(path, new ApiServlet(answer))));
  }

  /** Sees the calls that are shown. */
  public CallObserver observer() {
    return board;
  }

  /** Servlets at their paths. */
  public List<HttpPart> parts() {
    return List.copyOf(parts);
  }
}
