// Goes through the customer-service flow with an official TypeScript client and holds what comes back to what it must be:
//
//   node customer-service.mjs TOOLS SDK MODE URL            a server that runs already, over Streamable HTTP
//   node customer-service.mjs TOOLS SDK MODE -- COMMAND ... a server of its own, over standard input and output
//
// TOOLS is the folder with node_modules. SDK 1 is @modelcontextprotocol/sdk, 2 is @modelcontextprotocol/client. MODE says
// how SDK 2 chooses the era: auto, legacy, or a revision. Both SDKs check structured content against the tools' schemas.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [tools, sdk, mode, ...rest] = process.argv.slice(2);
const command = rest[0] === "--" ? rest.slice(1) : null;
const url = command ? null : new URL(rest[0]);

const DOCUMENTS = [
  { id: "hours", title: "Opening hours", text: "We are open from 9 to 18." },
  { id: "returns", title: "Returns", text: "Goods can be returned for 30 days." },
  { id: "warranty", title: "Warranty", text: "The warranty lasts two years." },
];
const QUESTION = "For how many days can goods be returned?";
const RETURNED = "Goods can be returned for 30 days.";

/** Loads a module of the folder of tools. */
function load(name) {
  const from = createRequire(path.join(path.resolve(tools), "package.json"));
  return import(pathToFileURL(from.resolve(name)));
}

let asked = 0;

/** Answers the server's question for the missing argument. */
function answerForm(request) {
  asked++;
  const wanted = Object.keys(request.params.requestedSchema.properties);
  assert.deepEqual(wanted, ["question"]);
  return { action: "accept", content: { question: QUESTION } };
}

/** The one client, whatever SDK it is of: call(tool, arguments, options) and the rest by the SDK's own names. */
async function connect() {
  const who = { name: "customer-service", version: "1.0.0" };
  const capabilities = { elicitation: { form: {} } };
  const child = command && { command: command[0], args: command.slice(1), stderr: "inherit" };
  if (sdk === "1") {
    const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
    const { StdioClientTransport } = await load("@modelcontextprotocol/sdk/client/stdio.js");
    const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
    const { ElicitRequestSchema } = await load("@modelcontextprotocol/sdk/types.js");
    const client = new Client(who, { capabilities });
    client.setRequestHandler(ElicitRequestSchema, answerForm);
    await client.connect(child ? new StdioClientTransport(child) : new StreamableHTTPClientTransport(url));
    return [client, (name, args, options) => client.callTool({ name, arguments: args }, undefined, options), "legacy"];
  }
  const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
  const { StdioClientTransport } = await load("@modelcontextprotocol/client/stdio");
  const negotiation = mode === "auto" || mode === "legacy" ? mode : { pin: mode };
  const client = new Client(who, { capabilities, versionNegotiation: { mode: negotiation } });
  client.setRequestHandler("elicitation/create", answerForm);
  await client.connect(child ? new StdioClientTransport(child) : new StreamableHTTPClientTransport(url));
  return [client, (name, args, options) => client.callTool({ name, arguments: args }, options), client.getProtocolEra()];
}

const [client, callTool, era] = await connect();
assert.equal(era, sdk === "1" || mode === "legacy" ? "legacy" : "modern");

/** Calls a tool and gives its structured content. */
async function call(tool, args, options) {
  const result = await callTool(tool, args, { timeout: 120_000, ...options });
  assert.ok(!result.isError, `${tool}: ${JSON.stringify(result.content)}`);
  return result.structuredContent;
}

// The list has to be asked for before structured content is checked against the schemas in it.
const listed = (await client.listTools()).tools.map((tool) => tool.name);
for (const tool of ["understand", "retrieve", "generate", "answer", "run_flow", "ingest", "context_read"]) {
  assert.ok(listed.includes(tool), `no tool ${tool} among ${listed}`);
}

// Three tools that share one context.
await call("ingest", { documents: DOCUMENTS });
const language = await call("understand", { task: "language", text: QUESTION });
assert.equal(language.language, "en");
const { context_id } = language;
const intent = await call("understand", { task: "classify", text: QUESTION, labels: ["return_item", "delivery", "payment"], context_id });
assert.equal(intent.context_id, context_id);
const found = await call("retrieve", { context_id, query: QUESTION });
assert.ok(found.passages.some((passage) => passage.text.includes(RETURNED)));
const reply = await call("answer", { context_id, question: QUESTION, use_found: true });
assert.ok(reply.text.includes(RETURNED), reply.text);
let steps = 0;
const generated = await call(
  "generate",
  { context_id, prompt: "Say good bye to the customer.", max_tokens: 24 },
  { onprogress: () => steps++ },
);
assert.equal(generated.context_id, context_id);
assert.ok(steps > 0, "no progress was told");

// All of them left their entries there.
const kept = await call("context_read", { context_id });
const roles = kept.entries.map((entry) => entry.role);
for (const role of ["user", "result", "passages", "assistant"]) {
  assert.ok(roles.includes(role), `no entry of role ${role} among ${roles}`);
}
const read = await client.readResource({ uri: `context://${context_id}` });
assert.ok(JSON.stringify(read.contents).includes(context_id));

// The same in one call; and with the argument missing, for which the server asks.
const given = await call("run_flow", { flow: "customer-service", inputs: { question: "How can I return an item?" } });
assert.equal(given.state, "finished");
assert.ok(given.output.reply.length > 0);
assert.equal(asked, 0);
const flow = {
  flow: "returns",
  inputs: { question: { description: "what is asked" } },
  steps: [
    { id: "found", tool: "retrieve", with: { query: "${inputs.question}" } },
    { id: "reply", tool: "answer", with: { question: "${inputs.question}", use_found: true } },
  ],
  output: "${steps.reply.text}",
};
const completed = await call("run_flow", { definition: JSON.stringify(flow) });
assert.ok(completed.output.includes(RETURNED), completed.output);
assert.equal(asked, 1);

// A prompt of the flow, a value completed, a failure that is the tool's, and a call that is given up.
const prompt = await client.getPrompt({ name: "customer-service", arguments: { question: QUESTION } });
assert.ok(prompt.messages.length > 0);
const completion = await client.complete({
  ref: { type: "ref/resource", uri: "context://{context_id}" },
  argument: { name: "context_id", value: context_id.slice(0, 8) },
});
assert.ok(completion.completion.values.includes(context_id));
const failed = await callTool("context_read", { context_id: "ctx_unknown" }, {});
assert.equal(failed.isError, true);
const giveUp = new AbortController();
const abandoned = call(
  "generate",
  { prompt: "Tell a very long story.", max_tokens: 2000 },
  { signal: giveUp.signal, onprogress: () => giveUp.abort(new Error("given up")) },
);
await assert.rejects(abandoned, /given up/);
assert.equal((await call("context_list", {})).contexts.some((each) => each.context_id === context_id), true);

const version = client.getNegotiatedProtocolVersion?.() ?? client.transport.protocolVersion ?? "in a session";
await client.close();
console.log(`✓ SDK ${sdk} ${sdk === "1" ? "" : mode + " "}over ${command ? "stdio" : "HTTP"}: MCP ${version}`);
