/**
 * Builds nodes and brings what is shown up to date. What a server says goes in as text or as the
 * value of a known attribute, never as markup: there is no other way in this file.
 */

const SVG = 'http://www.w3.org/2000/svg';
const HANDLERS = ['onclick', 'oninput', 'onchange', 'onsubmit', 'onkeydown'];

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (HANDLERS.includes(name)) {
      node[name] = value;
    } else if (name.startsWith('on') || name === 'style' || name === 'srcdoc') {
      throw new Error(`no ${name} here`);
    } else if (name === 'href' && !String(value).startsWith('#')) {
      throw new Error('links lead to this page only');
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(node, child);
    else if (child instanceof Node) node.append(child);
    else if (child !== null && child !== undefined && child !== false) node.append(document.createTextNode(String(child)));
  }
}

/** An element. Children are nodes, texts, lists of them, or nothing. */
export const h = (tag, attributes, ...children) => build(document.createElement(tag), attributes, children);

/** The same of SVG. */
export const svg = (tag, attributes, ...children) => build(document.createElementNS(SVG, tag), attributes, children);

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null);

const alike = (old, fresh) => old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);

/**
 * Makes the children of `parent` like `fresh`, keeping every node that can stay: so focus, scrolling,
 * opened details, selected text and what somebody types survive.
 */
export function show(parent, fresh) {
  const keyed = new Map();
  for (const old of parent.childNodes) {
    const key = keyOf(old);
    if (key !== null) keyed.set(key, old);
  }
  let place = parent.firstChild;
  for (const node of fresh) {
    const key = keyOf(node);
    const known = key === null ? place : keyed.get(key);
    if (known && alike(known, node)) {
      if (known === place) place = place.nextSibling;
      else parent.insertBefore(known, place);
      renew(known, node);
    } else {
      parent.insertBefore(node, place);
    }
  }
  while (place !== null) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function renew(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // Whether details are open is up to who looks at them.
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const name of HANDLERS) {
    if (old[name] !== fresh[name]) old[name] = fresh[name];
  }
  if (old.nodeName === 'SELECT' && document.activeElement !== old) {
    show(old, [...fresh.childNodes]);
    old.value = fresh.value;
  } else if (old.nodeName !== 'SELECT') {
    show(old, [...fresh.childNodes]);
  }
}
