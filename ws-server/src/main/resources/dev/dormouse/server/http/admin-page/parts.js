/** Pieces that several views are made of. */

import { h } from './dom.js';
import { query } from './api.js';
import { exactly, roomName, statusOf, when } from './words.js';

const part = encodeURIComponent;

/** A state: its mark, colour and words. */
export const chip = ({ tone, mark, words }) => h('span', { class: `chip ${tone}` }, h('span', { class: 'chip-mark', 'aria-hidden': 'true' }, mark), words);

export const statusChip = (saga) => [
  chip({ ...statusOf(saga.status), words: statusOf(saga.status).short }),
  saga.paused ? [' ', chip({ tone: 'warn', mark: '‖', words: 'paused' })] : null,
];

/** A time: how far away, and exactly when one points at it. */
export const time = (text) => (text ? h('time', { datetime: text, title: exactly(text) }, when(text)) : '–');

export const sagaHref = (room, saga) => `#/sagas/${part(room.namespace)}/${part(room.id)}/${part(saga)}`;

/** By name, for people; by id where an address cannot hold the name or would take it for an id. */
export const roomHref = (room, values = {}) => {
  const parts = room.name?.split('/') ?? [];
  const speaks = parts.length > 0 && !parts.some((each) => /^\.{0,2}$/.test(each)) && !/^[0-9a-f]{64}$/.test(room.name);
  return `#/rooms/${[room.namespace, ...(speaks ? parts : [room.id])].map(part).join('/')}${query(values)}`;
};

export const groupHref = (queue, group, values = {}) => `#/queues/${part(queue)}/${part(group)}${query(values)}`;

export const logHref = (queue, values = {}) => `#/queues/${part(queue)}${query(values)}`;

export const roomLink = (room) =>
  h('a', { class: 'roomlink', href: roomHref(room), title: room.id }, h('span', { class: 'soft' }, `${room.namespace}/`), roomName(room));

/** A table with a header; a column is `[title, class]`. */
export const table = (caption, columns, rows) =>
  h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' },
    h(
      'table',
      null,
      h('caption', { class: 'unseen' }, caption),
      h('thead', null, h('tr', null, columns.map(([title, kind]) => h('th', { scope: 'col', class: kind }, title)))),
      h('tbody', null, rows),
    ),
  );

export const cell = (kind, ...children) => h('td', { class: kind }, ...children);

export const nothing = (...words) => h('p', { class: 'nothing' }, ...words);

export const section = (title, ...children) => h('section', { 'data-key': title }, h('h2', null, title), ...children);

/** Links of which one is where we are. */
export const tabs = (label, all, here) =>
  h(
    'nav',
    { class: 'tabs', 'aria-label': label },
    all.map(([key, words, href]) => h('a', { 'data-key': key, href, 'aria-current': key === here ? 'page' : null }, words)),
  );

/** A search that follows what is typed. */
export const search = (value, label, onInput) =>
  h('input', {
    type: 'search',
    'data-key': 'search',
    name: 'search',
    value,
    placeholder: label,
    'aria-label': label,
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: (event) => onInput(event.target.value),
  });

/** Where a list goes on, and where it began. */
export const pager = (first, next, words) =>
  first || next
    ? h(
        'p',
        { class: 'pager' },
        first ? h('a', { class: 'button', href: first }, 'First page') : null,
        next ? h('a', { class: 'button', href: next, rel: 'next' }, 'Next page') : null,
        h('span', { class: 'soft' }, words),
      )
    : null;

export const facts = (...pairs) =>
  h(
    'dl',
    { class: 'facts' },
    pairs.filter((pair) => pair !== null).map(([term, ...value]) => h('div', { 'data-key': term, class: term === 'Id' ? 'long' : null }, h('dt', null, term), h('dd', null, ...value))),
  );
