package dev.qwenmcp.server.transport.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that no servlet has answered, as a line of text: status, reason, and nothing within. */
final class PlainErrors extends ErrorHandler {
  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      Throwable cause,
      Callback callback) {
    String text = code + " " + HttpStatus.getMessage(code) + reason(code, message) + "\n";
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    Content.Sink.write(response, true, text, callback);
  }

  /** Of failures inside, nothing is told; of bad requests, what was bad. */
  private static String reason(int code, String message) {
    boolean tells =
        HttpStatus.isClientError(code)
            && message != null
            && !message.equals(HttpStatus.getMessage(code));
    return tells ? ": " + message : "";
  }
}
