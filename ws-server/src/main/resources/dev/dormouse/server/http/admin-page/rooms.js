/** A list of rooms: awake or asleep, by namespace, with a search. */

import { get, query } from './api.js';
import { h } from './dom.js';
import { cell, chip, nothing, pager, roomHref, search, table, tabs, time } from './parts.js';
import { count, roomName } from './words.js';

const PAGE = 50;

const TABS = [['any', 'All'], ['awake', 'Awake'], ['asleep', 'Asleep']];

export const title = () => 'Rooms';

export async function load({ values: { state = 'any', namespace, search: wanted, after } }) {
  const [page, { namespaces }] = await Promise.all([get(`/rooms${query({ state, namespace, search: wanted, after, limit: PAGE })}`), get('/namespaces')]);
  return { page, names: namespaces.map(({ name }) => name) };
}

const href = (values) => `#/rooms${query(values)}`;

export const roomState = (room) => chip(room.state === 'awake' ? { tone: 'busy', mark: '●', words: 'awake' } : { tone: 'quiet', mark: '☾', words: 'asleep' });

export function draw({ page, names }, { values }, { go }) {
  const { state = 'any', namespace = '', search: wanted = '', after } = values;
  const kept = { state, namespace, search: wanted };
  return [
    h('h1', null, 'Rooms'),
    tabs('States', TABS.map(([key, words]) => [key, words, href({ ...kept, state: key })]), state),
    h(
      'form',
      { class: 'filters', 'data-key': 'filters', onsubmit: (event) => event.preventDefault() },
      search(wanted, 'Search by name', (text) => go(href({ ...kept, search: text }), true)),
      h(
        'select',
        { name: 'namespace', 'aria-label': 'Namespace', onchange: (event) => go(href({ ...kept, namespace: event.target.value })) },
        h('option', { value: '', selected: namespace === '' }, 'All namespaces'),
        names.map((name) => h('option', { value: name, selected: name === namespace }, name)),
      ),
    ),
    page.rooms.length === 0 ? nothing(page.next ? `Nothing among ${count(page.scanned)} rooms; there are more.` : 'There are no such rooms.') : list(page.rooms),
    pager(after ? href(kept) : null, page.next ? href({ ...kept, after: page.next }) : null, `${count(page.rooms.length)} shown, ${count(page.scanned)} looked at`),
  ];
}

const list = (rooms) =>
  table(
    'Rooms',
    [['Room'], ['State'], ['Since', 'far wide'], ['Connections', 'number']],
    rooms.map((room) =>
      h(
        'tr',
        { 'data-key': room.id },
        cell('main', h('a', { href: roomHref(room), title: room.id }, roomName(room)), h('span', { class: 'under' }, room.namespace)),
        cell('', roomState(room), h('span', { class: 'under narrow' }, time(room.since))),
        cell('far wide', time(room.since)),
        cell('number', count(room.connections)),
      ),
    ),
  );
