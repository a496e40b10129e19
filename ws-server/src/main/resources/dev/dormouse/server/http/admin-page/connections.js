/** Who is connected to a room, and closing one connection. */

import { connectionsPath, post } from './api.js';
import { confirm, field } from './dialog.js';
import { h } from './dom.js';
import { cell, chip, nothing, pager, roomHref, table, time } from './parts.js';
import { count, roomName } from './words.js';

/** How many are shown at once. */
export const GUESTS = 20;

const STATES = {
  closing: { tone: 'warn', mark: '✕', words: 'closing' },
  parked: { tone: 'quiet', mark: '☾', words: 'parked' },
  live: { tone: 'busy', mark: '●', words: 'live' },
};

const stateOf = (each) => (each.closing ? STATES.closing : each.parked ? STATES.parked : STATES.live);

export const connections = (room, { connections: some, all, next }, values, refresh) =>
  some.length === 0 && !values.guests
    ? nothing('Nobody is connected.')
    : [
        some.length === 0 ? nothing('There are no more.') : list(room, some, refresh),
        pager(
          values.guests ? roomHref(room, { ...values, guests: undefined }) : null,
          next === undefined ? null : roomHref(room, { ...values, guests: next }),
          `${count(some.length)} of ${count(all)} shown`,
        ),
      ];

const list = (room, some, refresh) =>
  table(
    'Connections',
    [['Key', 'number'], ['Tags'], ['State'], ['May', 'far wide'], ['Since', 'far'], ['', '']],
    some.map((each) =>
      h(
        'tr',
        { 'data-key': each.key },
        cell('number mono', each.key),
        cell('main', each.tags.length === 0 ? h('span', { class: 'soft' }, 'no tags') : each.tags.map((tag) => [h('span', { class: 'tag' }, tag), ' ']), each.address ? h('span', { class: 'under mono' }, each.address) : null),
        cell('', chip(stateOf(each))),
        cell('far wide', each.access === 'read' ? 'read only' : 'read and write'),
        cell('far', time(each.since)),
        cell('act', each.closing ? null : h('button', { type: 'button', 'aria-label': `Close connection ${each.key}`, onclick: () => close(room, each, refresh) }, 'Close')),
      ),
    ),
  );

function close(room, { key, tags }, refresh) {
  const code = h('input', { id: 'dialog-code', name: 'code', type: 'number', min: '1000', max: '4999', required: true, value: '1000' });
  const reason = h('input', { id: 'dialog-reason', name: 'reason', maxlength: '100', autocomplete: 'off', value: 'closed by an operator' });
  confirm({
    title: `Close connection ${key}?`,
    what: [
      `Of room ${roomName(room)} of ${room.namespace}${tags.length === 0 ? '' : `, tagged ${tags.join(', ')}`}.`,
      'The client is told the code and the reason, and the room hears of the end as of any other.',
      'Most clients come back after 4000 to 4399, and stay away after 4400 to 4499. 1000, 1001 and 3000 to 4999 can be given.',
    ],
    fields: [field('Code', code), field('Reason, for the client', reason)],
    button: 'Close it',
    danger: true,
    act: async ({ actor }) => {
      await post(connectionsPath(room), { actor, key, code: Number(code.value), reason: reason.value.trim() });
      refresh();
      return `Connection ${key} is being closed.`;
    },
  });
}
