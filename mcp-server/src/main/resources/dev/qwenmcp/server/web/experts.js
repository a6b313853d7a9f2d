// Which experts of a mixture worked for a call: a heat map of layers and experts, and its figures.

import {el, fill, heading, problem, track} from './dom.js';
import {get, repeat} from './api.js';
import {count, percent, plural, speed, time} from './format.js';

/* Stops of a colour scale whose lightness rises evenly, so that it reads without colours too. */
const SCALE = [[23, 18, 48], [72, 29, 111], [135, 44, 122], [194, 66, 103], [238, 107, 77], [251, 167, 77], [252, 236, 164]];
const STRONGEST = 4; // times its even share: the end of the scale

export function experts(content, argument) {
  const figure = el('div', {});
  const chooser = el('select', {id: 'experts-call'});
  fill(content,
    heading('Experts', 'A mixture has many experts in each layer, and a router that chooses a few of them for every token. Here is how often it chose each one for a call of yours.'),
    el('section', {class: 'card', 'aria-label': 'Expert routing'},
      el('div', {class: 'fields'}, el('div', {}, el('label', {for: 'experts-call'}, 'Call'), chooser)),
      figure));
  let chosen = argument ? Number(argument) : null;
  let shown = '';
  let known = '';
  chooser.addEventListener('change', () => {
    history.replaceState(null, '', `#/experts/${chooser.value}`);
    chosen = Number(chooser.value);
    shown = '';
    draw();
  });

  async function draw() {
    try {
      const calls = await get('calls');
      const able = [...calls.running, ...calls.finished].filter((call) => call.experts);
      if (!able.length) {
        chooser.disabled = true;
        fill(figure, el('p', {class: 'empty'},
          'No call of yours has used a mixture of experts yet. Models without experts have nothing to show here.'));
        return;
      }
      chooser.disabled = false;
      if (!able.some((call) => call.number === chosen)) {
        chosen = able[0].number;
      }
      const options = able.map((call) => `${call.number} · ${call.tool} · ${call.model} · ${time(call.began)}`);
      if (known !== options.join('\n')) {
        known = options.join('\n');
        fill(chooser, able.map((call, i) => el('option', {value: call.number}, options[i])));
      }
      chooser.value = String(chosen);
      const counts = await get('calls/experts', {call: chosen});
      const text = JSON.stringify(counts);
      if (text !== shown) {
        shown = text;
        const mixtures = counts.mixtures.map(mixture);
        const at = figure.contains(document.activeElement);
        fill(figure, mixtures);
        if (at) {
          figure.querySelector('canvas')?.focus({preventScroll: true});
        }
      }
    } catch (error) {
      fill(figure, problem(error));
    }
  }
  return repeat(1500, draw);
}

function mixture({model, grid, counts}) {
  const tokens = counts[0].reduce((a, b) => a + b, 0) / grid.used;
  if (!tokens) {
    return el('p', {class: 'empty'}, `${model} has not computed anything for this call: the cache knew all of it, or it has only begun.`);
  }
  const even = tokens * grid.used / grid.experts;
  const readout = el('p', {class: 'readout', 'aria-live': 'polite'},
    'Point at a cell, or move with the arrow keys, to read it.');
  const small = grid.experts <= 32;
  return el('div', {class: 'heat'},
    el('h2', {}, model),
    el('p', {class: 'hint'}, `${plural(grid.layers, 'layer')} of ${plural(grid.experts, 'expert')}, ${count(grid.used)} for each token; ${plural(Math.round(tokens), 'token')} computed for this call. What the cache knew is not computed, so it is not counted.`),
    el('div', {class: `routing ${small ? 'narrow' : ''}`},
      el('div', {class: 'heat'},
        el('div', {class: 'axes'},
          el('span', {class: 'up', 'aria-hidden': 'true'}, 'layer'), map(grid, counts, even, readout)),
        el('div', {class: 'legend'}, el('span', {}, 'never'), legend(), el('span', {}, `${STRONGEST}× its even share and more`)),
        readout),
      el('div', {class: `side ${small ? '' : 'wide'}`}, figures(grid, counts, even, tokens))),
    table(counts));
}

function colour(ratio) {
  const at = Math.min(1, ratio / STRONGEST) * (SCALE.length - 1);
  const i = Math.min(SCALE.length - 2, Math.floor(at));
  const part = at - i;
  return SCALE[i].map((c, k) => Math.round(c + (SCALE[i + 1][k] - c) * part));
}

/** Cells are as large as the grid allows; a wide grid on a small screen can be moved sideways. */
function map(grid, counts, even, readout) {
  const cell = Math.max(5, Math.min(72, Math.floor(1280 / grid.experts)));
  const high = Math.max(5, Math.min(cell, Math.floor(600 / grid.layers), 64));
  const canvas = el('canvas', {width: grid.experts * cell, height: grid.layers * high, tabindex: 0, role: 'img',
    'data-key': 'heat', 'aria-label': `Heat map of ${grid.layers} layers and ${grid.experts} experts; the figures are in the lists and the table below`});
  const pen = canvas.getContext('2d');
  const gap = cell > 6 && high > 6 ? 1 : 0;
  const paint = (l, e) => {
    pen.fillStyle = `rgb(${colour(counts[l][e] / even).join(' ')})`;
    pen.fillRect(e * cell, l * high, cell - gap, high - gap);
  };
  counts.forEach((row, l) => row.forEach((_, e) => paint(l, e)));
  let marked = null;
  const mark = (l, e) => {
    if (marked) {
      pen.clearRect(marked[1] * cell, marked[0] * high, cell, high);
      paint(...marked);
    }
    marked = [l, e];
    pen.strokeStyle = '#fff';
    pen.lineWidth = 2;
    pen.strokeRect(e * cell + 1, l * high + 1, Math.max(1, cell - gap - 2), Math.max(1, high - gap - 2));
    const ratio = counts[l][e] / even;
    readout.textContent = `Layer ${l}, expert ${e}: chosen ${plural(counts[l][e], 'time')}, ${speed(ratio)} times its even share.`;
  };
  canvas.addEventListener('pointermove', (event) => {
    const box = canvas.getBoundingClientRect();
    mark(Math.min(grid.layers - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * grid.layers))),
      Math.min(grid.experts - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * grid.experts))));
  });
  const steps = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
  canvas.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      const [l, e] = marked ?? [0, -1];
      mark(Math.min(grid.layers - 1, Math.max(0, l + step[0])), Math.min(grid.experts - 1, Math.max(0, e + step[1])));
    }
  });
  const drawn = el('div', {class: 'map'}, canvas, el('span', {class: 'along', 'aria-hidden': 'true'},
    el('span', {}, 'expert 0'), el('span', {}, `expert ${grid.experts - 1}`)));
  drawn.style.width = `min(100%, ${grid.experts * cell}px)`;
  drawn.style.minWidth = `${grid.experts * 5}px`;
  return el('div', {class: 'scroll'}, drawn);
}

function legend() {
  const canvas = el('canvas', {width: 180, height: 8, 'aria-hidden': 'true'});
  const pen = canvas.getContext('2d');
  for (let x = 0; x < 180; x++) {
    pen.fillStyle = `rgb(${colour(x / 179 * STRONGEST).join(' ')})`;
    pen.fillRect(x, 0, 1, 8);
  }
  return canvas;
}

/** How evenly a layer's work was shared: entropy over what it would be if all did the same. */
function evenness(row) {
  const sum = row.reduce((a, b) => a + b, 0);
  const entropy = row.filter((n) => n > 0).reduce((h, n) => h - n / sum * Math.log(n / sum), 0);
  return entropy / Math.log(row.length);
}

function figures(grid, counts, even, tokens) {
  const cells = counts.flatMap((row, l) => row.map((n, e) => ({l, e, n})));
  const top = cells.toSorted((a, b) => b.n - a.n).slice(0, 6);
  const never = cells.filter((cell) => cell.n === 0).length;
  const spread = counts.map((row, l) => ({l, share: evenness(row)})).sort((a, b) => a.share - b.share);
  return [
    el('section', {class: 'heat', 'aria-label': 'Most chosen'}, el('h3', {}, 'Most chosen'),
        el('ul', {class: 'bars'}, top.map(({l, e, n}) => el('li', {}, el('span', {}, `layer ${l} · ${e}`),
          track([{share: n / top[0].n}]), el('span', {}, count(n)))))),
      el('section', {class: 'heat', 'aria-label': 'Layers that share least evenly'}, el('h3', {}, 'Layers that share least evenly'),
        el('ul', {class: 'bars'}, spread.slice(0, 5).map(({l, share}) => el('li', {}, el('span', {}, `layer ${l}`),
          track([{share, kind: 'cached'}]), el('span', {}, percent(share)))))),
      el('section', {class: 'heat', 'aria-label': 'In short'}, el('h3', {}, 'In short'),
        el('dl', {class: 'facts'},
          [['Tokens computed', count(Math.round(tokens))],
            ['Choices', count(Math.round(tokens * grid.used * grid.layers))],
            ['Experts never chosen', `${count(never)} of ${count(cells.length)}`],
            ['Even share of an expert', speed(even)]]
            .map(([name, value]) => [el('dt', {}, name), el('dd', {class: 'number'}, value)]))),
  ];
}

function table(counts) {
  return el('details', {}, el('summary', {}, 'All counts as a table'), el('div', {class: 'scroll'},
      el('table', {}, el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'Layer'), counts[0].map((_, e) => el('th', {scope: 'col', class: 'figure'}, String(e))))),
        el('tbody', {}, counts.map((row, l) => el('tr', {}, el('th', {scope: 'row'}, String(l)), row.map((n) => el('td', {class: 'figure'}, count(n)))))))));
}
