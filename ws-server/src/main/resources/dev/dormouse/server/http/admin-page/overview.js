/** Everything in numbers, and first what waits for somebody. */

import { get, query } from './api.js';
import { h } from './dom.js';
import { cell, groupHref, nothing, roomLink, sagaHref, section, statusChip, table, time } from './parts.js';
import { count, many, span, statusOf } from './words.js';

export const load = () => get('/overview');

export const title = () => 'Overview';

const card = (label, href, number, ...more) =>
  h('a', { class: 'card', href, 'data-key': label }, h('span', { class: 'card-label' }, label), h('strong', { class: 'card-number' }, number), h('span', { class: 'card-more' }, ...more));

export function draw(data) {
  const groups = data.queues.flatMap((queue) => queue.groups);
  const dead = groups.filter((group) => group.dead > 0);
  const sum = (name) => groups.reduce((total, group) => total + group[name], 0);
  const open = data.openSagas.reduce((total, each) => total + each.sagas, 0);
  const awake = data.namespaces.filter((each) => each.awake > 0);
  return [
    h('h1', null, 'Overview'),
    h(
      'div',
      { class: 'cards' },
      card('Rooms awake', '#/rooms?state=awake', count(data.awake), awake.length === 0 ? 'all rooms sleep' : awake.map((each) => `${each.name} ${count(each.awake)}`).join(', ')),
      card('Connections', '#/rooms', count(data.connections), 'to rooms awake or asleep'),
      card('Open sagas', '#/sagas', count(open), sagasInWords(data.openSagas)),
      card('Queue backlog', '#/queues', count(sum('backlog')), `${count(sum('leased'))} leased, ${count(sum('dead'))} given up`),
    ),
    section(
      'Waits for somebody',
      data.trouble ? h('p', { class: 'banner bad', 'data-key': 'trouble' }, 'Rooms cannot be changed: ', data.trouble, '.') : null,
      !data.trouble && data.parked.length === 0 && dead.length === 0 ? nothing('Nothing is parked, and no message was given up.') : null,
      data.parked.length === 0 ? null : parked(data),
      dead.length === 0 ? null : given(dead),
    ),
    section('Rooms awake by namespace', namespaces(data.namespaces)),
    section('Open sagas by state', states(data.openSagas)),
    section('Queues', groups.length === 0 ? nothing('No queue has a consumer group.') : backlog(groups)),
  ];
}

function namespaces(all) {
  const quiet = all.filter((each) => each.awake === 0);
  if (quiet.length === 0 || quiet.length === all.length) return namespaceTable(all);
  return [
    namespaceTable(all.filter((each) => each.awake > 0)),
    h('details', { class: 'more', 'data-key': 'quiet' }, h('summary', null, `${many(quiet.length, 'namespace')} with no room awake`), namespaceTable(quiet)),
  ];
}

const namespaceTable = (all) => {
  const most = Math.max(1, ...all.map((each) => each.awake));
  return table(
    'Rooms awake by namespace',
    [['Namespace'], ['Awake', 'number'], ['', 'meter'], ['', '']],
    all.map((each) =>
      h(
        'tr',
        { 'data-key': each.name },
        cell('main', h('a', { href: `#/rooms${query({ namespace: each.name })}` }, each.name)),
        cell('number', count(each.awake)),
        cell('meter', h('meter', { min: '0', max: most, value: each.awake, 'aria-label': 'rooms awake beside the most' })),
        cell('act', each.awake === 0 ? null : h('a', { href: `#/rooms${query({ namespace: each.name, state: 'awake' })}`, 'aria-label': `Rooms of ${each.name} that are awake` }, 'those awake')),
      ),
    ),
  );
};

const ORDER = ['PARKED_FORWARD', 'PARKED_BACKWARD', 'COMPENSATING', 'RUNNING'];

const ordered = (tallies) => [...tallies].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));

function sagasInWords(tallies) {
  const parked = tallies.filter((each) => each.status.startsWith('PARKED')).reduce((total, each) => total + each.sagas, 0);
  return parked === 0 ? 'none is parked' : `${many(parked, 'is', 'are')} parked`;
}

const FILTERS = { PARKED_FORWARD: 'parked', PARKED_BACKWARD: 'parked', COMPENSATING: 'compensating', RUNNING: 'running' };

const states = (tallies) =>
  h(
    'ul',
    { class: 'states' },
    ordered(tallies).map((each) => {
      const { tone, mark, words } = statusOf(each.status);
      return h(
        'li',
        { 'data-key': each.status },
        h(
          'a',
          { class: `state ${each.sagas > 0 ? tone : 'idle'}`, href: `#/sagas?status=${FILTERS[each.status] ?? 'open'}` },
          h('strong', null, count(each.sagas)),
          h('span', null, h('span', { 'aria-hidden': 'true' }, `${mark} `), words),
        ),
      );
    }),
  );

const parked = (data) => [
  table(
    'Parked sagas',
    [['Saga'], ['State'], ['Since', 'far wide']],
    data.parked.map((saga) =>
      h(
        'tr',
        { 'data-key': `${saga.room.id}/${saga.saga}` },
        cell('main', h('a', { href: sagaHref(saga.room, saga.saga) }, saga.saga), h('span', { class: 'under' }, saga.definition, ' in ', roomLink(saga.room)), saga.cause ? h('span', { class: 'under cause' }, saga.cause) : null),
        cell('', statusChip(saga), h('span', { class: 'under narrow' }, time(saga.changed))),
        cell('far wide', time(saga.changed)),
      ),
    ),
  ),
  data.parked.length < 10 ? null : h('p', null, h('a', { href: '#/sagas?status=parked' }, 'All that are parked')),
];

const given = (groups) =>
  table(
    'Messages given up',
    [['Consumer group'], ['Given up', 'number']],
    groups.map((group) =>
      h(
        'tr',
        { 'data-key': `${group.queue}/${group.group}` },
        cell('main', h('a', { href: groupHref(group.queue, group.group, { state: 'dead' }) }, `${group.queue} → ${group.group}`), h('span', { class: 'under' }, 'can be looked at and driven again')),
        cell('number', count(group.dead)),
      ),
    ),
  );

const backlog = (groups) => {
  const most = Math.max(1, ...groups.map((group) => group.backlog));
  return table(
    'Backlog of queues',
    [['Consumer group'], ['Backlog', 'number'], ['', 'meter'], ['Oldest', 'far']],
    groups.map((group) =>
      h(
        'tr',
        { 'data-key': `${group.queue}/${group.group}` },
        cell('main', h('a', { href: groupHref(group.queue, group.group) }, `${group.queue} → ${group.group}`)),
        cell('number', count(group.backlog)),
        cell('meter', h('meter', { min: '0', max: most, value: group.backlog, 'aria-label': 'backlog beside the largest' })),
        cell('far', group.oldestMillis === undefined ? '–' : span(group.oldestMillis)),
      ),
    ),
  );
};
