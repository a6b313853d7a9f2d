package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.endpoint.EndpointSettings;
import dev.qwenmcp.server.endpoint.HttpEndpoint;
import dev.qwenmcp.server.endpoint.Lasting;
import dev.qwenmcp.server.endpoint.McpService;
import dev.qwenmcp.server.endpoint.Offering;
import dev.qwenmcp.server.job.JobSettings;
import dev.qwenmcp.server.job.Jobs;
import dev.qwenmcp.server.job.sql.SqliteJobStore;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.modern.StateKey;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.HttpSettings;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import dev.qwenmcp.server.transport.http.security.AllowedOrigins;
import dev.qwenmcp.server.transport.http.security.BrowserGuard;
import dev.qwenmcp.server.transport.http.security.RefusalListener;
import dev.qwenmcp.server.transport.http.security.ServedHosts;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Serves the fixture at a free port, which it prints, until its input ends. */
public final class EverythingServer {
  private EverythingServer() {}

  /**
   * The fixture as a service.
   *
   * @param jobs of calls that become tasks
   */
  public static McpService service(Jobs jobs) {
    List<Tool<?, ?>> tools = new ArrayList<>(ContentTools.all());
    tools.addAll(AskingTools.all());
    tools.addAll(StatelessTools.all());
    tools.addAll(TaskTools.all());
    return new McpService(
        new Offering(
            tools,
            new FixtureResources(),
            new AskingPrompts(new FixturePrompts()),
            new FixtureCompletions()),
        EndpointSettings.standard("conformance"),
        CallObserver.NONE,
        new Lasting(Optional.of(jobs), StateKey.random(new SecureRandom())));
  }

  /** Jobs that end with the server. */
  public static Jobs jobs() {
    InstantSource clock = InstantSource.system();
    return new Jobs(
        SqliteJobStore.inMemory(clock),
        JobSettings.DEFAULT,
        clock,
        new SecureRandom(),
        CallObserver.NONE);
  }

  public static void main(String[] arguments) throws IOException {
    BrowserGuard guard =
        new BrowserGuard(
            new ServedHosts(true, Set.of()),
            new AllowedOrigins(true, Set.of()),
            RefusalListener.NONE);
    Jobs jobs = jobs();
    HttpEndpoint endpoint =
        new HttpEndpoint(
            service(jobs),
            HttpSettings.at("localhost", 0),
            StreamableLimits.DEFAULT,
            List.of(new HttpPart.Filtered("/*", guard)));
    endpoint.start();
    System.out.println(endpoint.url());
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    endpoint.stop();
    jobs.close();
  }
}
