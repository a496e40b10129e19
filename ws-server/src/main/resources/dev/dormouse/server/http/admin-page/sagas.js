/** A list of sagas: by state, by definition, with a search. */

import { get, query } from './api.js';
import { h } from './dom.js';
import { cell, nothing, pager, roomLink, sagaHref, search, statusChip, table, tabs, time } from './parts.js';
import { count } from './words.js';

const PAGE = 50;

const TABS = [
  ['open', 'Open'],
  ['parked', 'Parked'],
  ['compensating', 'Going back'],
  ['running', 'Running'],
  ['completed', 'Completed'],
  ['compensated', 'Undone'],
];

export const title = () => 'Sagas';

export async function load({ values }) {
  const { status = 'open', definition, search: wanted, after } = values;
  const [page, { definitions }] = await Promise.all([
    get(`/sagas${query({ status, definition, search: wanted, after, limit: PAGE })}`),
    get('/definitions'),
  ]);
  return { page, names: [...new Set(definitions.map(({ name }) => name))] };
}

const href = (values) => `#/sagas${query(values)}`;

export function draw({ page, names }, { values }, { go }) {
  const { status = 'open', definition = '', search: wanted = '', after } = values;
  const kept = { status, definition, search: wanted };
  return [
    h('div', { class: 'heading' }, h('h1', null, 'Sagas'), h('a', { class: 'button', href: '#/definitions' }, 'Definitions')),
    tabs('States', TABS.map(([key, words]) => [key, words, href({ ...kept, status: key })]), status),
    h(
      'form',
      { class: 'filters', 'data-key': 'filters', onsubmit: (event) => event.preventDefault() },
      search(wanted, 'Search by saga or room', (text) => go(href({ ...kept, search: text }), true)),
      h(
        'select',
        { name: 'definition', 'aria-label': 'Definition', onchange: (event) => go(href({ ...kept, definition: event.target.value })) },
        h('option', { value: '', selected: definition === '' }, 'All definitions'),
        withChosen(names, definition).map((name) => h('option', { value: name, selected: name === definition }, name)),
      ),
    ),
    page.sagas.length === 0 ? nothing(page.next ? `Nothing among ${count(page.scanned)} sagas; there are more.` : 'There are no such sagas.') : list(page.sagas),
    pager(after ? href(kept) : null, page.next ? href({ ...kept, after: page.next }) : null, `${count(page.sagas.length)} shown`),
  ];
}

const withChosen = (names, chosen) => (chosen === '' || names.includes(chosen) ? names : [...names, chosen]);

const list = (sagas) =>
  table(
    'Sagas',
    [['Saga'], ['State'], ['Definition', 'wide'], ['Started', 'far wide'], ['Last moved', 'far wide']],
    sagas.map((saga) =>
      h(
        'tr',
        { 'data-key': `${saga.room.id}/${saga.saga}` },
        cell('main', h('a', { href: sagaHref(saga.room, saga.saga) }, saga.saga), h('span', { class: 'under' }, 'in ', roomLink(saga.room)), saga.cause ? h('span', { class: 'under cause' }, saga.cause) : null),
        cell('', statusChip(saga), h('span', { class: 'under narrow' }, time(saga.changed))),
        cell('wide', saga.definition, h('span', { class: 'soft' }, ` /${saga.version}`)),
        cell('far wide', time(saga.started)),
        cell('far wide', time(saga.changed)),
      ),
    ),
  );
