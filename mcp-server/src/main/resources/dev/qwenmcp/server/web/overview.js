// What the server is doing now: models, running calls, the last ones, and how much was reused.

import {announce, badge, el, fill, heading, meter, problem, svg, track} from './dom.js';
import {get, repeat} from './api.js';
import {bytes, count, parameters, percent, plural, promptParts, promptWords, seconds, speed, time} from './format.js';

const HISTORY = 90; // seconds of the curve
const STATES = {ok: 'good', failed: 'bad', refused: 'bad', cancelled: 'warn'};
const speeds = []; // of all own calls together, one a second, also while another view is shown

export function overview(content) {
  const tiles = el('dl', {class: 'tiles', 'aria-label': 'At a glance'});
  const running = el('div', {});
  const models = el('div', {class: 'grid'});
  const finished = el('div', {});
  const server = el('p', {class: 'hint'});
  fill(content,
    heading('Overview', 'Your calls and the models that work for them, as it happens.'),
    tiles,
    el('section', {class: 'card', 'aria-labelledby': 'running-title'},
      el('header', {}, el('h2', {id: 'running-title'}, 'Running calls')), running),
    el('section', {'aria-labelledby': 'models-title', class: 'models'},
      el('header', {class: 'heading'}, el('h2', {id: 'models-title'}, 'Models'), server), models),
    el('section', {class: 'card', 'aria-labelledby': 'finished-title'},
      el('header', {}, el('h2', {id: 'finished-title'}, 'Last calls'), key()), finished));
  let before = null;

  const stopCalls = repeat(1000, async () => {
    try {
      const calls = await get('calls');
      glance(tiles, calls);
      fill(running, runningList(calls.running));
      const last = JSON.stringify(calls.finished);
      if (last !== before) {
        before = last;
        fill(finished, finishedTable(calls.finished));
        if (calls.finished.length && calls.finished[0].seconds > 1) {
          announce(`${calls.finished[0].tool} ended: ${calls.finished[0].state}`);
        }
      }
    } catch (error) {
      fill(running, problem(error));
    }
  });
  const stopModels = repeat(2000, async () => {
    try {
      const all = await whatIsTold();
      fill(models, all.models.map(modelCard));
      server.textContent = all.uptimeSeconds === undefined
        ? 'Your token does not show what models do for others, nor their memory.'
        : `up ${seconds(all.uptimeSeconds)} · ${plural(all.processors, 'processor')} · Java heap ${bytes(all.heapBytes)} of ${bytes(all.maxHeapBytes)}`;
    } catch (error) {
      fill(models, problem(error));
    }
  });
  return () => {
    stopCalls();
    stopModels();
  };
}

let operator = true;

/** The whole server where the token allows it, else the models alone. */
async function whatIsTold() {
  if (operator) {
    try {
      return await get('server');
    } catch (error) {
      if (error.status !== 403) {
        throw error;
      }
      operator = false;
    }
  }
  return get('models');
}

export function key() {
  return el('p', {class: 'key', 'aria-label': 'Colours of prompts'},
    el('span', {}, 'computed'), el('span', {class: 'cached'}, 'cached in memory'),
    el('span', {class: 'restored'}, 'restored from disk'));
}

function glance(tiles, calls) {
  const now = calls.running.reduce((sum, call) => sum + call.tokensPerSecond, 0);
  speeds.push(now);
  if (speeds.length > HISTORY) {
    speeds.shift();
  }
  const {usage} = calls.totals;
  const hits = usage.promptTokens ? usage.cachedTokens / usage.promptTokens : 0;
  fill(tiles,
    tile('Running now', count(calls.running.length), `${plural(calls.totals.calls, 'call')} so far, ${count(calls.totals.failed)} failed`),
    tile('Tokens per second', speed(now), null, curve()),
    tile('Prompt tokens reused', percent(hits), `${count(usage.cachedTokens)} of ${count(usage.promptTokens)}`, track(promptParts(usage).slice(1))),
    tile('Tokens written', count(usage.generatedTokens), usage.generatedTokens > 0 && usage.generateSeconds > 0
      ? `${speed(usage.generatedTokens / usage.generateSeconds)} per second on average` : 'none yet'));
}

function tile(name, figure, under, picture = null) {
  return el('div', {class: 'tile'}, el('dt', {}, name), el('dd', {}, figure),
    under ? el('dd', {class: 'under'}, under) : null, picture);
}

function curve() {
  const most = Math.max(1, ...speeds);
  const points = speeds.map((s, i) => `${((HISTORY - speeds.length + i) / (HISTORY - 1)) * 100},${38 - (s / most) * 34}`);
  const line = points.length ? `M${points.join('L')}` : '';
  const first = points.length ? points[0].split(',')[0] : 0;
  return svg('svg', {class: 'spark', viewBox: '0 0 100 40', preserveAspectRatio: 'none', 'aria-hidden': 'true'},
    svg('path', {class: 'area', d: line ? `${line}L100,40L${first},40Z` : ''}), svg('path', {d: line}));
}

function runningList(calls) {
  if (!calls.length) {
    return el('p', {class: 'empty'}, 'No call of yours is running. Start one in the ',
      el('a', {href: '#/playground'}, 'playground'), ' or from your MCP client.');
  }
  return el('ul', {class: 'running'}, calls.map((call) => el('li', {},
    el('div', {}, el('strong', {}, call.tool), el('br', {}),
      el('small', {}, [call.model, seconds(call.seconds)].filter(Boolean).join(' · '))),
    phase(call),
    el('span', {class: 'speed number'}, call.state === 'writing' ? `${speed(call.tokensPerSecond)} tok/s` : ''))));
}

function phase(call) {
  if (call.state === 'reading') {
    return meter('reading the prompt', `${count(call.read)} of ${count(call.toRead)} tokens`,
      [{share: call.toRead ? call.read / call.toRead : 0}]);
  }
  if (call.state === 'writing') {
    return el('div', {class: 'meter'}, el('span', {}, badge('writing', 'busy'),
      el('span', {class: 'number'}, plural(call.usage.generatedTokens, 'token'))));
  }
  return el('div', {class: 'meter'}, el('span', {}, badge('under way', 'busy')));
}

function modelCard(model) {
  const kinds = {ready: 'good', loading: 'busy', failed: 'bad'};
  const facts = [
    model.architecture && ['Architecture', model.architecture],
    model.parameters && ['Weights', `${parameters(model.parameters)} ${model.quantisation}`],
    model.contextTokens && ['Context', `${count(model.contextTokens)} tokens`],
    model.memoryBytes !== null && model.memoryBytes > 0 && ['Memory', bytes(model.memoryBytes)],
  ].filter(Boolean);
  return el('article', {class: 'card', 'aria-label': `Model ${model.name}`},
    el('header', {}, el('h3', {}, model.name),
      el('span', {class: 'actions'}, model.isDefault ? badge('default') : null, badge(model.state, kinds[model.state] ?? ''))),
    model.detail ? el('p', {class: 'notice bad'}, model.detail) : null,
    el('div', {class: 'model'},
      el('div', {}, model.description ? el('p', {class: 'hint'}, model.description) : null,
        el('dl', {class: 'facts'}, facts.map(([name, value]) => [el('dt', {}, name), el('dd', {class: 'number'}, value)]))),
      model.activity ? el('div', {}, activity(model.activity)) : null));
}

function activity({slots, load, cache}) {
  const marks = [];
  for (let i = 0; i < Math.max(slots, load.running); i++) {
    marks.push(el('i', {class: i < load.running ? 'on' : ''}));
  }
  for (let i = 0; i < Math.min(load.waiting, 32); i++) {
    marks.push(el('i', {class: 'queued'}));
  }
  const asked = Math.max(1, cache.askedTokens);
  return [
    el('div', {class: 'meter'},
      el('span', {}, el('span', {}, 'Slots'), el('span', {class: 'number'}, `${load.running} of ${slots} busy, ${load.waiting} waiting`)),
      el('span', {class: 'slots', 'aria-hidden': 'true'}, marks)),
    meter('Keys and values', `${bytes(cache.usedPages * cache.pageBytes)} of ${bytes(cache.budgetPages * cache.pageBytes)}`,
      [{share: cache.usedPages / Math.max(1, cache.budgetPages)}]),
    meter('Found in the cache', `${percent(cache.foundTokens / asked)} of ${count(cache.askedTokens)} tokens`,
      [{share: (cache.foundTokens - cache.restoredTokens) / asked, kind: 'cached'}, {share: cache.restoredTokens / asked, kind: 'restored'}]),
  ];
}

function finishedTable(calls) {
  if (!calls.length) {
    return el('p', {class: 'empty'}, 'None yet.');
  }
  const columns = ['Call', 'Began', 'Outcome', 'Prompt', 'Tokens', 'Written', 'tok/s', 'Time', 'Experts'];
  return el('div', {class: 'scroll'}, el('table', {class: 'stack'},
    el('thead', {}, el('tr', {}, columns.map((name, i) => el('th', {scope: 'col', class: i >= 4 && i <= 7 ? 'figure' : ''}, name)))),
    el('tbody', {}, calls.map(finishedRow))));
}

function finishedRow(call) {
  const {usage} = call;
  const cell = (label, value, kind = 'figure') => el('td', {class: kind, 'data-label': label}, value);
  return el('tr', {},
    el('td', {class: 'wide'}, el('span', {}, el('strong', {}, call.tool), ' ', el('small', {}, call.model))),
    cell('Began', time(call.began), 'number'),
    cell('Outcome', badge(call.code || call.state, STATES[call.state] ?? ''), ''),
    el('td', {class: 'wide', 'data-label': 'Prompt'}, usage.promptTokens
      ? [track(promptParts(usage)), el('span', {class: 'unseen'}, promptWords(usage))] : el('small', {}, 'no model')),
    cell('Tokens', usage.promptTokens ? count(usage.promptTokens) : '–'),
    cell('Written', usage.generatedTokens ? count(usage.generatedTokens) : '–'),
    cell('tok/s', call.tokensPerSecond ? speed(call.tokensPerSecond) : '–'),
    cell('Time', seconds(call.seconds)),
    cell('Experts', call.experts ? el('a', {href: `#/experts/${call.number}`, 'data-key': `experts-${call.number}`,
      'aria-label': `Experts of call ${call.number}, ${call.tool}`}, 'show') : '–', ''));
}
