// Elements from data. Text is always set as text, so nothing that the server sends becomes markup.

const SVG = 'http://www.w3.org/2000/svg';

/** el('p', {class: 'x', 'aria-label': 'y', on: {click: f}}, 'text', otherElement) */
export function el(name, attributes = {}, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** The same for parts of a drawing. */
export function svg(name, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, name), attributes, children);
}

function build(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (key === 'on') {
      for (const [event, handler] of Object.entries(value)) {
        element.addEventListener(event, handler);
      }
    } else {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** New children for a parent; what had the focus gets it again, found by its data-key. */
export function fill(parent, ...children) {
  const active = document.activeElement;
  const key = active && parent.contains(active) ? active.getAttribute('data-key') : null;
  parent.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  if (key !== null) {
    parent.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({preventScroll: true});
  }
}

/** A bar of parts: [{share: 0..1, kind: 'cached'}]. The words beside it say the same. */
export function track(parts, moving = false) {
  const bar = el('span', {class: 'track', 'aria-hidden': 'true'});
  for (const part of parts) {
    const piece = el('i', {class: [part.kind ?? '', moving ? 'moving' : ''].join(' ').trim()});
    piece.style.width = `${Math.max(0, Math.min(1, part.share)) * 100}%`;
    bar.append(piece);
  }
  return bar;
}

/** A bar with its name and its figure. */
export function meter(name, figure, parts) {
  return el('div', {class: 'meter'},
    el('span', {}, el('span', {}, name), el('span', {class: 'number'}, figure)), track(parts));
}

/** Says something to those who do not see the page. */
export function announce(text) {
  document.getElementById('announcer').textContent = text;
}

export function badge(text, kind = '') {
  return el('span', {class: `badge ${kind}`}, text);
}

export function problem(error) {
  return el('p', {class: 'notice bad', role: 'alert'}, error.message);
}

/** Title of a view with what it is about. */
export function heading(title, about) {
  return el('div', {class: 'heading'}, el('div', {}, el('h1', {}, title), el('p', {}, about)));
}
