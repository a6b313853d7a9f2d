// The caller's collections of documents, and a search in one of them.

import {announce, badge, el, fill, heading, problem} from './dom.js';
import {get} from './api.js';
import {count, plural} from './format.js';

export function knowledge(content, argument) {
  const list = el('div', {class: 'choices'});
  const detail = el('section', {class: 'card', 'aria-label': 'Collection'},
    el('p', {class: 'empty'}, 'Choose a collection to search it.'));
  fill(content,
    heading('Knowledge', 'Documents that tools search by words and by meaning.'),
    el('div', {class: 'split'}, el('section', {class: 'card', 'aria-label': 'Your collections'}, list), detail));

  async function load() {
    try {
      const {collections} = await get('collections');
      fill(list, collections.length ? el('ul', {}, collections.map((c) => el('li', {}, choice(c))))
        : el('p', {class: 'empty'}, 'None yet. The tool ingest makes one.'));
    } catch (error) {
      fill(list, problem(error));
    }
  }

  function choice(collection) {
    return el('button', {type: 'button', 'data-key': collection.name, 'aria-pressed': String(collection.name === argument),
      on: {click: () => choose(collection.name)}},
    el('strong', {}, collection.name), el('small', {}, collection.problem ? badge('cannot be used', 'bad')
      : [el('span', {}, plural(collection.documents, 'document')), el('span', {}, plural(collection.passages, 'passage'))]));
  }

  function choose(name) {
    argument = name;
    history.replaceState(null, '', `#/knowledge/${encodeURIComponent(name)}`);
    for (const button of list.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.key === name));
    }
    open(name);
  }

  async function open(name) {
    const query = el('input', {id: 'query', type: 'search', autocomplete: 'off', required: true, maxlength: 2000});
    const found = el('div', {class: 'entries'});
    const sources = el('div', {});
    fill(detail, el('h2', {}, name),
      el('form', {class: 'search', role: 'search', on: {submit: (e) => { e.preventDefault(); search(name, query.value, found); }}},
        el('label', {for: 'query'}, 'Search in it'), query, el('button', {type: 'submit', class: 'primary'}, 'Search')),
      found, sources);
    try {
      const all = await get('collections/sources', {collection: name});
      fill(sources, el('details', {open: true}, el('summary', {}, `Documents (${count(all.sources.length + all.more)})`), table(all)));
    } catch (error) {
      fill(sources, problem(error));
    }
  }

  load();
  if (argument) {
    open(argument);
  }
  return () => {};
}

function table({sources, more}) {
  return el('div', {class: 'scroll'}, el('table', {},
    el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'Document'), ['Passages', 'With vectors', 'Characters'].map((name) => el('th', {scope: 'col', class: 'figure'}, name)))),
    el('tbody', {}, sources.map((s) => el('tr', {},
      el('td', {}, s.title || s.id, s.title && s.title !== s.id ? [el('br', {}), el('small', {}, s.id)] : null),
      [s.passages, s.vectors, s.characters].map((n) => el('td', {class: 'figure'}, count(n))))))),
  more ? el('p', {class: 'hint'}, `and ${count(more)} more`) : null);
}

async function search(collection, query, found) {
  fill(found, el('p', {class: 'empty'}, 'Searching…'));
  try {
    const {passages, mode, notes} = await get('collections/search', {collection, query});
    announce(`${plural(passages.length, 'passage')} found`);
    fill(found, el('p', {class: 'hint'}, `${plural(passages.length, 'passage')}, compared by ${mode === 'hybrid' ? 'words and meaning' : mode}. ${notes.join(' ')}`),
      passages.map(passage));
  } catch (error) {
    fill(found, problem(error));
  }
}

function passage(p, i) {
  const ranks = [p.bm25Rank && `words: rank ${p.bm25Rank}`, p.vectorRank && `meaning: rank ${p.vectorRank}`].filter(Boolean);
  return el('article', {class: 'entry', 'aria-label': `Passage ${i + 1}`},
    el('header', {}, badge(String(i + 1), 'good'), el('strong', {}, p.title || p.source), p.heading ? el('span', {}, p.heading) : null,
      ranks.map((rank) => el('span', {}, rank)), el('span', {}, `score ${p.score.toFixed(3)}`)),
    el('p', {class: 'text'}, p.text),
    el('p', {class: 'hint'}, `${p.source}, characters ${count(p.start)} to ${count(p.end)}`));
}
