// Answers a shop's customer through the MCP server, with the official TypeScript SDK.
//
//   npm ci && npm run build && node out/shop-assistant.js [--http URL] [QUESTION] [-- COMMAND ...]
//
// Starts "../../qwen-mcp serve" (or the command after --), or talks to a server that runs already.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

type Content = Record<string, any>;

const DOCUMENTS = [
  { id: "hours", title: "Opening hours", text: "We are open from 9 to 18." },
  { id: "returns", title: "Returns", text: "Goods can be returned for 30 days." },
];

/** Calls a tool and returns its structured content. */
async function call(client: Client, tool: string, args: Content): Promise<Content> {
  const result = await client.callTool({ name: tool, arguments: args }, undefined, { timeout: 120_000 });
  if (result.isError) {
    throw new Error(`${tool}: ${JSON.stringify(result.content)}`);
  }
  return result.structuredContent as Content;
}

async function answer(client: Client, question: string): Promise<void> {
  await call(client, "ingest", { documents: DOCUMENTS });

  // The first call opens a context; from there on the context_id is enough.
  const language = await call(client, "understand", { task: "language", text: question });
  const context_id = language.context_id;
  const found = await call(client, "retrieve", { context_id, query: question });
  console.log("language:", language.language);
  console.log("passages:", found.passages.length);

  const reply = await call(client, "answer", { context_id, question, use_found: true });
  console.log("reply:", reply.text);

  const flow = {
    flow: "same-in-one-call",
    inputs: { question: { description: "what is asked" } },
    steps: [
      { id: "found", tool: "retrieve", with: { query: "${inputs.question}" } },
      { id: "reply", tool: "answer", with: { question: "${inputs.question}", use_found: true } },
    ],
    output: "${steps.reply.text}",
  };
  const run = await call(client, "run_flow", { definition: JSON.stringify(flow), inputs: { question } });
  console.log("flow:", run.output);
}

const words = process.argv.slice(2);
const separator = words.indexOf("--");
const command = separator < 0 ? ["../../qwen-mcp", "serve"] : words.slice(separator + 1);
const options = separator < 0 ? words : words.slice(0, separator);
const http = options[0] === "--http" ? new URL(options.splice(0, 2)[1]) : undefined;

const client = new Client({ name: "shop-assistant", version: "1.0.0" });
await client.connect(
  http ? new StreamableHTTPClientTransport(http) : new StdioClientTransport({ command: command[0], args: command.slice(1) }),
);
try {
  await answer(client, options[0] ?? "For how many days can goods be returned?");
} finally {
  await client.close();
}
