// The contexts of the caller: which there are, what was forked from what, and what they hold.

import {badge, el, fill, heading, problem, track} from './dom.js';
import {get} from './api.js';
import {bytes, count, plural, promptParts, promptWords, seconds, speed, time} from './format.js';
import {key} from './overview.js';

const STEP = 20;
const FOLD = 1500; // characters of an entry that are shown at once

export function contexts(content, argument) {
  const list = el('div', {class: 'choices'});
  const detail = el('section', {class: 'card', 'aria-label': 'Context'},
    el('p', {class: 'empty'}, 'Choose a context to see what it holds.'));
  const title = el('input', {id: 'context-title', type: 'search', autocomplete: 'off'});
  const more = el('button', {type: 'button', hidden: true}, 'Older ones');
  const lifetime = el('p', {class: 'hint'});
  fill(content,
    heading('Contexts', 'What passes between calls: documents, questions and results, kept for you alone.'),
    el('div', {class: 'split'},
      el('section', {class: 'card', 'aria-label': 'Your contexts'},
        el('form', {class: 'search', role: 'search', on: {submit: (e) => { e.preventDefault(); load(); }}},
          el('label', {for: 'context-title'}, 'Part of a title'), title, el('button', {type: 'submit'}, 'Find')),
        list, more, lifetime),
      detail));
  let all = [];
  let next = '';

  async function load(after = '') {
    try {
      const page = await get('contexts', {title: title.value, after});
      all = after ? [...all, ...page.contexts] : page.contexts;
      next = page.next;
      more.hidden = !next;
      lifetime.textContent = `A context goes ${page.lifetime} after its last use, unless it is pinned. Looking at one here is a use.`;
      fill(list, all.length ? tree(all) : el('p', {class: 'empty'}, title.value
        ? 'No title has that in it.' : 'None yet. Tools open one and give its context_id.'));
    } catch (error) {
      fill(list, problem(error));
    }
  }

  /** Forks stand below what they were forked from, as far as that is on the page. */
  function tree(known) {
    const ids = new Set(known.map((context) => context.id));
    const below = Map.groupBy(known, (context) => (ids.has(context.origin) ? context.origin : ''));
    const level = (id) => (below.get(id) ?? []).map((context) => el('li', {}, choice(context),
      below.has(context.id) ? el('ul', {'aria-label': `Forks of ${context.title || 'this context'}`}, level(context.id)) : null));
    return el('ul', {}, level(''));
  }

  function choice(context) {
    return el('button', {type: 'button', 'aria-pressed': String(context.id === argument), 'data-key': context.id,
      on: {click: () => choose(context.id)}},
    el('strong', {}, context.title || 'Without a title'),
    el('small', {}, el('span', {}, `${count(context.entries)} ${context.entries === 1 ? 'entry' : 'entries'}`), el('span', {}, bytes(context.bytes)),
      el('span', {}, time(context.created)), context.title ? null : el('code', {}, `${context.id.slice(0, 10)}…`), context.origin ? el('span', {}, `fork, ${count(context.shared)} shared`) : null));
  }

  function choose(id) {
    argument = id;
    history.replaceState(null, '', `#/contexts/${encodeURIComponent(id)}`);
    for (const button of list.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.key === id));
    }
    open(id, 0);
  }

  async function open(id, from) {
    try {
      const page = await get('contexts/entries', {id, from, limit: STEP});
      if (id !== argument) {
        return;
      }
      fill(detail, describe(page.context), pages(page), el('div', {class: 'entries'}, page.entries.map(entry)));
    } catch (error) {
      fill(detail, problem(error));
    }
  }

  function pages({context, from, entries}) {
    const to = from + entries.length;
    const button = (name, at) => el('button', {type: 'button', 'data-key': name, on: {click: () => open(context.id, at)}}, name);
    return el('div', {class: 'actions'},
      el('span', {class: 'hint'}, entries.length ? `Entries ${from} to ${to - 1} of ${count(context.entries)}` : 'It is empty.'),
      from > 0 ? button('Earlier', Math.max(0, from - STEP)) : null,
      to < context.entries ? button('Later', to) : null, key());
  }

  more.addEventListener('click', () => load(next));
  load();
  if (argument) {
    open(argument, 0);
  }
  return () => {};
}

function describe(context) {
  return [
    el('header', {}, el('h2', {}, context.title || 'Without a title'),
      el('span', {class: 'actions'}, context.pinned ? badge('pinned', 'good') : badge(`until ${time(context.expires)}`),
        context.origin ? badge(`fork: ${count(context.shared)} shared`) : null)),
    el('p', {class: 'hint'}, el('code', {}, context.id), ` · ${bytes(context.bytes)}`),
  ];
}

function entry(item) {
  const {usage} = item;
  const own = item.role === 'assistant' || item.role === 'result';
  return el('article', {class: `entry ${own ? 'own-answer' : ''}`, 'aria-label': `Entry ${item.index}, ${item.role}`},
    el('header', {}, badge(item.role, own ? 'good' : ''), el('span', {}, `#${item.index}`), el('span', {}, item.tool),
      item.model ? el('span', {}, item.model) : null, el('span', {}, time(item.created)),
      item.tokens ? el('span', {}, plural(item.tokens, 'token id')) : null),
    textOf(item),
    item.structured ? el('details', {}, el('summary', {}, 'Structured content'), el('pre', {tabindex: 0}, pretty(item.structured))) : null,
    usage.promptTokens ? el('div', {class: 'meter'},
      el('span', {}, el('span', {}, promptWords(usage)), el('span', {class: 'number'},
        `${seconds(usage.promptSeconds)} to read, ${count(usage.generatedTokens)} written${usage.generateSeconds > 0 ? ` at ${speed(usage.generatedTokens / usage.generateSeconds)} tok/s` : ''}`)),
      track(promptParts(usage))) : null);
}

function textOf(item) {
  if (!item.text) {
    return null;
  }
  const left = item.cut ? `\n… and ${count(item.cut)} characters more` : '';
  if (item.text.length + item.cut <= FOLD) {
    return el('p', {class: 'text'}, item.text);
  }
  return el('details', {}, el('summary', {}, `${item.text.slice(0, 160).replace(/\s+/g, ' ')}… (${count(item.text.length + item.cut)} characters)`),
    el('p', {class: 'text', tabindex: 0}, item.text + left));
}

export function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
