/**
 * Calls of tools that outlive the request that began them: started, looked at, waited for and
 * cancelled by their handle, which belongs to a principal.
 *
 * <p>Knows tools and their calls, no transport and no era; the job tools and the tasks extension
 * are two faces of it. Start reading at {@link dev.qwenmcp.server.job.Jobs}.
 */
package dev.qwenmcp.server.job;
