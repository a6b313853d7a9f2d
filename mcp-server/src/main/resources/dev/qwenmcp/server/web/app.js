// The frame: which view is shown, and whether the server answers.

import {announce, fill, problem} from './dom.js';
import {askForToken, get, hasToken, repeat} from './api.js';
import {overview} from './overview.js';
import {experts} from './experts.js';
import {contexts} from './contexts.js';
import {knowledge} from './knowledge.js';
import {flows} from './flows.js';
import {playground} from './playground.js';

const VIEWS = {overview, experts, contexts, knowledge, flows, playground};
const content = document.getElementById('content');
const link = document.getElementById('link');
const tokenButton = document.getElementById('token-change');
let leave = () => {};

/** Each view fills the content and returns what ends it. Its name and argument are in the address. */
function show() {
  const [name, argument] = location.hash.replace(/^#\//, '').split('/').map(decoded);
  const view = VIEWS[name] ? name : 'overview';
  leave();
  leave = () => {};
  for (const a of document.querySelectorAll('#views a')) {
    if (a.getAttribute('href') === `#/${view}`) {
      a.setAttribute('aria-current', 'page');
      a.scrollIntoView({block: 'nearest', inline: 'nearest'});
      document.title = `${a.textContent} · qwen-mcp`;
    } else {
      a.removeAttribute('aria-current');
    }
  }
  try {
    leave = VIEWS[view](content, argument) ?? leave;
  } catch (error) {
    fill(content, problem(error));
  }
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function state(name, words) {
  if (link.dataset.state !== name) {
    link.dataset.state = name;
    link.textContent = words;
    if (name === 'lost') {
      announce('The server does not answer.');
    }
  }
}

window.addEventListener('hashchange', () => {
  show();
  content.focus({preventScroll: true});
  window.scrollTo(0, 0);
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  content.focus();
});
tokenButton.addEventListener('click', () => askForToken('Another token shows what belongs to another principal.')
  .then(show));

repeat(5000, async () => {
  try {
    const models = await get('models');
    document.getElementById('version').textContent = models.version;
    state('live', 'live');
  } catch (error) {
    state('lost', error.status ? `error ${error.status}` : 'no answer');
  }
  tokenButton.hidden = !hasToken();
});
show();
