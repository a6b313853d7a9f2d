// Calls the server's tools as any MCP client does, with a form made from each tool's schema.

import {announce, badge, el, fill, heading, meter, problem, track} from './dom.js';
import {formOf} from './form.js';
import {McpClient} from './mcp.js';
import {count, promptParts, promptWords, seconds, speed} from './format.js';
import {key} from './overview.js';

const client = new McpClient();

export function playground(content, argument) {
  const list = el('div', {class: 'choices'});
  const filter = el('input', {id: 'tool-filter', type: 'search', autocomplete: 'off'});
  const detail = el('section', {class: 'card', 'aria-label': 'Tool'}, el('p', {class: 'empty'}, 'Choose a tool to call it.'));
  fill(content,
    heading('Playground', 'Call any tool by hand. The page is an ordinary MCP client of this server.'),
    el('div', {class: 'split'},
      el('section', {class: 'card', 'aria-label': 'Tools'}, el('div', {class: 'field'}, el('label', {for: 'tool-filter'}, 'Part of a name'), filter), list),
      detail));
  let tools = [];

  async function load() {
    try {
      let cursor;
      tools = [];
      do {
        const page = await client.request('tools/list', cursor ? {cursor} : {});
        tools.push(...page.tools);
        cursor = page.nextCursor;
      } while (cursor);
      show();
      const named = tools.find((tool) => tool.name === argument);
      if (named) {
        open(named);
      }
    } catch (error) {
      fill(list, problem(error));
    }
  }

  function show() {
    const part = filter.value.trim().toLowerCase();
    fill(list, el('ul', {}, tools.filter((tool) => tool.name.includes(part)).map((tool) => el('li', {},
      el('button', {type: 'button', 'data-key': tool.name, 'aria-pressed': String(tool.name === argument), on: {click: () => choose(tool)}},
        el('strong', {}, tool.name), el('small', {}, tool.title ?? ''))))));
  }

  function choose(tool) {
    argument = tool.name;
    history.replaceState(null, '', `#/playground/${encodeURIComponent(tool.name)}`);
    show();
    open(tool);
  }

  function open(tool) {
    const form = formOf(tool.inputSchema);
    const out = el('div', {class: 'out'});
    const run = el('button', {type: 'submit', class: 'primary'}, 'Run');
    const stop = el('button', {type: 'button', disabled: true}, 'Stop');
    fill(detail,
      el('header', {}, el('h2', {}, tool.title || tool.name), el('code', {}, tool.name)),
      el('p', {class: 'hint'}, tool.description ?? ''),
      el('form', {class: 'form', novalidate: true, on: {submit: (event) => {
        event.preventDefault();
        const given = form.read();
        if (given !== null) {
          call(tool, given, {run, stop, out});
        }
      }}}, form.element, el('div', {class: 'actions'}, run, stop)),
      out);
  }

  filter.addEventListener('input', show);
  load();
  return () => {};
}

async function call(tool, given, {run, stop, out}) {
  const giveUp = new AbortController();
  const began = performance.now();
  const status = el('div', {class: 'meter'}, el('span', {}, badge('running', 'busy'), el('span', {class: 'number'})));
  const text = el('p', {class: 'notice stream', hidden: true});
  stop.onclick = () => giveUp.abort();
  run.disabled = true;
  stop.disabled = false;
  fill(out, status, text);
  announce(`${tool.name} runs`);
  try {
    const result = await client.request('tools/call',
      {name: tool.name, arguments: given, _meta: {progressToken: crypto.randomUUID?.() ?? String(began)}},
      {signal: giveUp.signal, onNotice: (notice) => {
        if (notice.method === 'notifications/progress') {
          const {progress, total, message} = notice.params;
          fill(status, meter('running', total ? `${count(Math.floor(progress))} of at most ${count(Math.ceil(total))} tokens` : '', [{share: total ? progress / total : 0}]));
          text.hidden = !message;
          text.textContent = message ?? '';
        }
      }});
    const took = (performance.now() - began) / 1000;
    announce(`${tool.name} ${result.isError ? 'failed' : 'is done'}`);
    fill(out, outcome(result, took));
  } catch (error) {
    fill(out, giveUp.signal.aborted ? el('p', {class: 'notice'}, 'Stopped.') : problem(error));
  } finally {
    run.disabled = false;
    stop.disabled = true;
  }
}

function outcome(result, took) {
  const texts = (result.content ?? []).filter((part) => part.type === 'text').map((part) => part.text);
  const links = (result.content ?? []).filter((part) => part.type === 'resource_link');
  const {structuredContent: structured} = result;
  const words = structured ? texts.filter((text) => !same(text, structured)) : texts;
  return [
    el('div', {class: 'actions'}, badge(result.isError ? 'failed' : 'done', result.isError ? 'bad' : 'good'), el('span', {class: 'hint'}, seconds(took)),
      structured?.context_id ? el('a', {href: `#/contexts/${encodeURIComponent(structured.context_id)}`}, 'Its context') : null),
    words.map((text) => el('p', {class: `notice stream ${result.isError ? 'bad' : ''}`}, text)),
    structured?.usage ? usageOf(structured.usage) : null,
    structured ? el('details', {open: true}, el('summary', {}, 'Structured content'), el('pre', {tabindex: 0, id: 'structured'}, JSON.stringify(structured, null, 2))) : null,
    links.length ? el('ul', {'aria-label': 'Resources'}, links.map((link) => el('li', {}, el('code', {}, link.uri), ` ${link.title ?? link.name ?? ''}`))) : null,
  ];
}

function same(text, structured) {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(structured);
  } catch {
    return false;
  }
}

/** What the call cost, as results report it. */
function usageOf(report) {
  const usage = {
    promptTokens: report.prompt_tokens ?? 0, cachedTokens: report.cached_tokens ?? 0, restoredTokens: report.restored_tokens ?? 0,
    generatedTokens: report.generated_tokens ?? 0, promptSeconds: report.prompt_seconds ?? 0, generateSeconds: report.generate_seconds ?? 0,
  };
  return el('div', {class: 'meter'},
    el('span', {}, el('span', {}, promptWords(usage)), el('span', {class: 'number'},
      `${count(usage.generatedTokens)} written${usage.generateSeconds > 0 ? ` at ${speed(usage.generatedTokens / usage.generateSeconds)} tok/s` : ''}`)),
    track(promptParts(usage)), key());
}
