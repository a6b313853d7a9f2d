// The caller's runs of flows, and how long each step took.

import {badge, el, fill, heading, problem, track} from './dom.js';
import {get, repeat} from './api.js';
import {plural, seconds, time} from './format.js';

const STATES = {finished: 'good', running: 'busy', failed: 'bad', stopped: 'warn', abandoned: 'warn', done: 'good'};

export function flows(content, argument) {
  const list = el('div', {class: 'choices'});
  const detail = el('section', {class: 'card', 'aria-label': 'Run'}, el('p', {class: 'empty'}, 'Choose a run to see its steps.'));
  fill(content,
    heading('Flows', 'Runs of several tools as one, with what became of each step.'),
    el('div', {class: 'split'}, el('section', {class: 'card', 'aria-label': 'Your runs'}, list), detail));
  let before = '';
  let shown = '';

  async function load() {
    try {
      const {runs} = await get('runs');
      const text = JSON.stringify(runs);
      if (text !== before) {
        before = text;
        fill(list, runs.length ? el('ul', {}, runs.map((run) => el('li', {}, choice(run))))
          : el('p', {class: 'empty'}, 'None yet. The tool run_flow begins one; list_flows says which there are.'));
      }
      if (argument) {
        await open(argument);
      }
    } catch (error) {
      before = '';
      fill(list, problem(error));
    }
  }

  function choice(run) {
    return el('button', {type: 'button', 'data-key': run.id, 'aria-pressed': String(run.id === argument), on: {click: () => choose(run.id)}},
      el('span', {class: 'actions'}, el('strong', {}, run.flow), badge(run.state, STATES[run.state] ?? '')),
      el('small', {}, el('span', {}, time(run.created))));
  }

  function choose(id) {
    argument = id;
    shown = '';
    history.replaceState(null, '', `#/flows/${encodeURIComponent(id)}`);
    for (const button of list.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.key === id));
    }
    open(id);
  }

  async function open(id) {
    try {
      const whole = await get('runs/steps', {id});
      const text = JSON.stringify(whole);
      if (id === argument && text !== shown) {
        shown = text;
        fill(detail, describe(whole));
      }
    } catch (error) {
      shown = '';
      fill(detail, problem(error));
    }
  }
  return repeat(2000, load);
}

function describe({run, inputs, output, steps}) {
  const longest = Math.max(...steps.map((step) => step.seconds), 0.001);
  return [
    el('header', {}, el('h2', {}, run.flow), badge(run.state, STATES[run.state] ?? '')),
    el('p', {class: 'hint'}, `Began ${time(run.created)}, last changed ${time(run.updated)}. `,
      run.contextId ? el('a', {href: `#/contexts/${encodeURIComponent(run.contextId)}`}, 'Its context') : null),
    run.trouble ? el('p', {class: 'notice bad'}, run.trouble) : null,
    el('h3', {}, plural(steps.length, 'step')),
    el('ol', {class: 'steps'}, steps.map((step) => el('li', {},
      el('span', {}, el('strong', {}, step.address), step.tool ? [' ', el('small', {}, step.tool)] : null),
      track([{share: step.seconds / longest, kind: step.state === 'done' ? 'cached' : ''}]),
      el('span', {class: 'number'}, `${seconds(step.seconds)}${step.attempts > 1 ? ` · ${step.attempts} attempts` : ''}`),
      badge(step.state, STATES[step.state] ?? '')))),
    el('details', {}, el('summary', {}, 'Inputs'), el('pre', {tabindex: 0}, JSON.stringify(inputs, null, 2))),
    output === null ? null : el('details', {open: true}, el('summary', {}, 'Output'), el('pre', {tabindex: 0}, JSON.stringify(output, null, 2))),
  ];
}
