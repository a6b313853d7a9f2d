// An MCP client over Streamable HTTP, as small as a page needs: a session, requests, progress.

import {send} from './api.js';

const VERSION = '2025-11-25';

export class McpClient {
  #session = null;
  #version = VERSION;
  #opening = null;
  #next = 1;

  /**
   * Sends a request and gives its result.
   *
   * @param onNotice hears of the notifications that come before it
   * @param signal gives up: the server is told, and no answer comes
   */
  async request(method, params = {}, {onNotice = () => {}, signal = null} = {}) {
    await this.#open();
    const id = this.#next++;
    const giveUp = () => this.#notify('notifications/cancelled', {requestId: id, reason: 'the user gave up'});
    signal?.addEventListener('abort', giveUp, {once: true});
    try {
      const response = await this.#post({jsonrpc: '2.0', id, method, params}, signal);
      if (response.status === 404) {
        this.#session = null; // the server has forgotten it
        this.#opening = null;
        return await this.request(method, params, {onNotice, signal});
      }
      return await answer(response, id, onNotice);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  async #open() {
    this.#opening ??= this.#initialize();
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  async #initialize() {
    const id = this.#next++;
    const response = await this.#post({jsonrpc: '2.0', id, method: 'initialize',
      params: {protocolVersion: VERSION, capabilities: {}, clientInfo: {name: 'qwen-mcp web page', version: '1'}}}, null);
    const result = await answer(response, id, () => {});
    this.#session = response.headers.get('Mcp-Session-Id');
    this.#version = result.protocolVersion;
    await this.#notify('notifications/initialized');
  }

  #post(message, signal) {
    const headers = {'Content-Type': 'application/json', Accept: 'application/json, text/event-stream'};
    if (this.#session) {
      headers['Mcp-Session-Id'] = this.#session;
      headers['MCP-Protocol-Version'] = this.#version;
    }
    return send('/mcp', {method: 'POST', headers, body: JSON.stringify(message), signal});
  }

  #notify(method, params = {}) {
    return this.#post({jsonrpc: '2.0', method, params}, null);
  }
}

/** The result in an answer that is JSON or a stream of events. */
async function answer(response, id, onNotice) {
  const type = response.headers.get('Content-Type') ?? '';
  if (type.startsWith('text/event-stream')) {
    for await (const message of events(response.body)) {
      if (message.id === id && message.method === undefined) {
        return result(message);
      }
      onNotice(message);
    }
    throw new Error('the server ended the stream without an answer');
  }
  if (type.startsWith('application/json')) {
    return result(await response.json());
  }
  throw new Error(`the server answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
}

function result(message) {
  if (message.error) {
    throw new Error(`${message.error.message} (${message.error.code})`);
  }
  return message.result;
}

/** Messages of server-sent events, which are lines that begin with "data:". */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) {
      return;
    }
    text += value.replaceAll('\r', '');
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text.slice(0, end).split('\n').filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, '')).join('\n');
      text = text.slice(end + 2);
      if (data.trim()) {
        yield JSON.parse(data);
      }
    }
  }
}
