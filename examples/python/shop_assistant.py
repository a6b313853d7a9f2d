"""Answers a shop's customer through the MCP server, with nothing but Python's standard library (3.9 or later).

    python3 examples/python/shop_assistant.py [--http http://127.0.0.1:8765/mcp] [QUESTION] [-- COMMAND ...]

Starts "./qwen-mcp serve" (or the command after --) and talks to its standard input and output; with --http it talks
to a server that runs already.
"""

import argparse
import json
import subprocess
import sys
import urllib.request

PROTOCOL = "2025-11-25"
DOCUMENTS = [
    {"id": "hours", "title": "Opening hours", "text": "We are open from 9 to 18."},
    {"id": "returns", "title": "Returns", "text": "Goods can be returned for 30 days."},
]


class Stdio:
    """JSON-RPC with a server that this process starts: one message a line."""

    def __init__(self, command):
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def exchange(self, message):
        """Sends a message; returns the answer to it, or None for a notification."""
        self.server.stdin.write(json.dumps(message).encode() + b"\n")
        self.server.stdin.flush()
        while "id" in message:
            line = self.server.stdout.readline()
            if not line:
                raise RuntimeError("the server has ended")
            answer = json.loads(line)
            if answer.get("id") == message["id"] and "method" not in answer:
                return answer
        return None

    def close(self):
        self.server.stdin.close()  # the server ends when its input does
        self.server.wait(timeout=30)


class Http:
    """JSON-RPC over Streamable HTTP: one POST a message, answered by JSON or by server-sent events."""

    def __init__(self, url):
        self.url = url
        self.session = None

    def exchange(self, message):
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": PROTOCOL,
        }
        if self.session:
            headers["Mcp-Session-Id"] = self.session
        request = urllib.request.Request(self.url, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as response:
            self.session = response.headers.get("Mcp-Session-Id", self.session)
            if "id" not in message:
                return None
            if response.headers.get_content_type() == "application/json":
                return json.load(response)
            for event in events(response):
                answer = json.loads(event)
                if answer.get("id") == message["id"] and "method" not in answer:
                    return answer
        raise RuntimeError("the connection ended before the answer")

    def close(self):
        if self.session:
            headers = {"Mcp-Session-Id": self.session, "MCP-Protocol-Version": PROTOCOL}
            urllib.request.urlopen(urllib.request.Request(self.url, headers=headers, method="DELETE"))


def events(stream):
    """The data of server-sent events, one after the other."""
    data = []
    for raw in stream:
        line = raw.decode().rstrip("\r\n")
        if line.startswith("data:"):
            data.append(line[6:] if line.startswith("data: ") else line[5:])
        elif not line and data:
            if any(data):
                yield "\n".join(data)
            data = []


class Client:
    """One session: numbers requests, and turns errors into exceptions."""

    def __init__(self, transport):
        self.transport = transport
        self.last_id = 0
        self.request(
            "initialize",
            {
                "protocolVersion": PROTOCOL,
                "capabilities": {},
                "clientInfo": {"name": "shop-assistant", "version": "1"},
            },
        )
        self.transport.exchange({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def request(self, method, params):
        self.last_id += 1
        answer = self.transport.exchange(
            {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        )
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def call(self, tool, **arguments):
        """Calls a tool and returns its structured content."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(f"{tool}: {result['content'][0]['text']}")
        return result["structuredContent"]


def answer(client, question):
    client.call("ingest", documents=DOCUMENTS)

    # The first call opens a context; from there on the context_id is enough.
    language = client.call("understand", task="language", text=question)
    context = language["context_id"]
    found = client.call("retrieve", context_id=context, query=question)
    print("language:", language["language"])
    print("passages:", len(found["passages"]))

    reply = client.call("answer", context_id=context, question=question, use_found=True)
    print("reply:", reply["text"])

    flow = {
        "flow": "same-in-one-call",
        "inputs": {"question": {"description": "what is asked"}},
        "steps": [
            {"id": "found", "tool": "retrieve", "with": {"query": "${inputs.question}"}},
            {"id": "reply", "tool": "answer", "with": {"question": "${inputs.question}", "use_found": True}},
        ],
        "output": "${steps.reply.text}",
    }
    run = client.call("run_flow", definition=json.dumps(flow), inputs={"question": question})
    print("flow:", run["output"])


def main():
    words = sys.argv[1:]
    command = ["./qwen-mcp", "serve"]
    if "--" in words:
        command = words[words.index("--") + 1 :]
        words = words[: words.index("--")]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("question", nargs="?", default="For how many days can goods be returned?")
    parser.add_argument("--http", metavar="URL")
    options = parser.parse_args(words)
    transport = Http(options.http) if options.http else Stdio(command)
    try:
        answer(Client(transport), options.question)
    finally:
        transport.close()


if __name__ == "__main__":
    main()
