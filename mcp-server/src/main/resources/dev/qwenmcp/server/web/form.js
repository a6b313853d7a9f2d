// A form made from a tool's JSON schema. Simple types have a control of their own, all else is JSON.

import {el} from './dom.js';

let last = 0;

/**
 * The controls of an object's properties.
 *
 * @return element: the controls; read(): the object, or null after showing what is wrong
 */
export function formOf(schema, root = schema) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {})
    .map(([name, property]) => ({name, must: required.has(name), ...control(name, resolve(property, root), required.has(name), root)}));
  // Where nothing is required, the first is what the tool is mostly called with.
  const first = fields.filter((field, i) => field.must || (!required.size && i === 0));
  const rest = fields.filter((field) => !first.includes(field));
  const element = el('div', {class: 'form'}, first.map((field) => field.element), rest.length
    ? el('details', {}, el('summary', {}, `Optional (${rest.length})`), el('div', {class: 'form'}, rest.map((field) => field.element))) : null);
  return {element, read: () => read(fields), first: () => element.querySelector('input, select, textarea')};
}

function read(fields) {
  const object = {};
  let good = true;
  for (const field of fields) {
    const value = field.read();
    if (value === null) {
      good = false;
    } else if (value.value !== undefined) {
      object[field.name] = value.value;
    }
  }
  return good ? object : null;
}

function resolve(property, root) {
  if (!property.$ref?.startsWith('#/')) {
    return property;
  }
  return property.$ref.slice(2).split('/').reduce((at, part) => at?.[part], root) ?? {};
}

/** Each reads {value}, {} if it is left empty, or null if it is wrong. */
function control(name, schema, must, root) {
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  const type = types.length === 1 ? types[0] : '';
  if (type === 'object' && schema.properties) {
    const inner = formOf(schema, root);
    return {
      element: el('fieldset', {}, el('legend', {}, name), hint(schema), inner.element),
      read: () => {
        const value = inner.read();
        return value === null ? null : Object.keys(value).length || must ? {value} : {};
      },
    };
  }
  const id = `field-${++last}`;
  const wrong = el('span', {class: 'wrong', id: `${id}-wrong`, role: 'alert'});
  const input = inputOf(schema, type);
  input.id = id;
  input.name = name;
  input.setAttribute('aria-describedby', `${id}-hint ${id}-wrong`);
  if (must) {
    input.setAttribute('aria-required', 'true');
  }
  const element = el('div', {class: 'field'},
    el('label', {for: id}, name, must ? null : el('span', {class: 'required'}, ' · optional')), input, hint(schema, `${id}-hint`), wrong);
  return {
    element,
    read: () => {
      wrong.textContent = '';
      input.removeAttribute('aria-invalid');
      try {
        if (input.value === '' && !must) {
          return {};
        }
        return {value: valueOf(input.value, schema, type)};
      } catch (error) {
        wrong.textContent = error.message;
        input.setAttribute('aria-invalid', 'true');
        input.closest('details')?.setAttribute('open', '');
        input.focus();
        return null;
      }
    },
  };
}

function hint(schema, id = null) {
  const bounds = [
    schema.minimum !== undefined && `at least ${schema.minimum}`,
    schema.maximum !== undefined && `at most ${schema.maximum}`,
    schema.maxItems !== undefined && `at most ${schema.maxItems} items`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean).join(', ');
  return el('small', {id}, [schema.description, bounds && `(${bounds})`].filter(Boolean).join(' '));
}

const strings = (schema, type) => type === 'array' && [schema.items?.type].flat()[0] === 'string' && !schema.items.enum;

function inputOf(schema, type) {
  const choices = schema.enum ?? (type === 'boolean' ? ['true', 'false'] : null);
  if (choices) {
    return el('select', {}, el('option', {value: ''}, '–'), choices.map((c) => el('option', {value: c}, String(c))));
  }
  if (type === 'integer' || type === 'number') {
    return el('input', {type: 'number', step: type === 'integer' ? 1 : 'any', min: schema.minimum, max: schema.maximum});
  }
  if (type === 'string' && schema.maxLength <= 300) {
    return el('input', {type: 'text', maxlength: schema.maxLength, autocomplete: 'off', spellcheck: 'false'});
  }
  if (type === 'string') {
    return el('textarea', {rows: 2, spellcheck: 'false'});
  }
  return el('textarea', {rows: 3, spellcheck: 'false', class: 'mono', placeholder: strings(schema, type) ? 'one a line' : 'JSON'});
}

function valueOf(text, schema, type) {
  if (schema.enum) {
    if (text === '') {
      throw new Error('Choose one.');
    }
    return schema.enum.find((c) => String(c) === text);
  }
  switch (type) {
    case 'boolean':
      if (text === '') {
        throw new Error('Choose one.');
      }
      return text === 'true';
    case 'integer':
    case 'number':
      if (text === '' || Number.isNaN(Number(text))) {
        throw new Error('Expected a number.');
      }
      return Number(text);
    case 'string':
      return text;
    default:
      if (strings(schema, type) && !text.trimStart().startsWith('[')) {
        return text.split('\n').map((line) => line.trim()).filter(Boolean);
      }
      try {
        return JSON.parse(text);
      } catch (error) {
        throw new Error(`Expected JSON: ${error.message}`, {cause: error});
      }
  }
}
