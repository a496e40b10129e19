/** A room's alarms: which rings next, deleting one and having one ring now. */

import { edit } from './keys.js';
import { confirm } from './dialog.js';
import { h } from './dom.js';
import { cell, chip, nothing, table, time } from './parts.js';
import { count, many, roomName } from './words.js';

/** How many are shown: first those that somebody has to look at, then those that ring next. */
const MOST = 20;

const dueAt = (alarm) => (alarm.due === 'restart' ? Infinity : Date.parse(alarm.due));

const inOrder = (all) => [...all].sort((a, b) => Number(Boolean(b.parked)) - Number(Boolean(a.parked)) || Math.sign(dueAt(a) - dueAt(b)) || 0);

/** The alarm that rings next, in words; null if none does. */
export function next(all) {
  const first = inOrder(all).find((alarm) => !alarm.parked && alarm.due !== 'restart');
  return first === undefined ? null : [h('span', { class: 'mono break' }, first.alarm), ' ', time(first.due)];
}

export const alarms = (room, all, refresh) =>
  all.length === 0
    ? nothing('No alarm is set.')
    : [list(room, inOrder(all).slice(0, MOST), refresh), all.length > MOST ? h('p', { class: 'pager soft' }, `${count(MOST)} of ${count(all.length)} shown`) : null];

const list = (room, some, refresh) =>
  table(
    'Alarms',
    [['Alarm'], ['State'], ['Due', 'far'], ['', '']],
    some.map((alarm) =>
      h(
        'tr',
        { 'data-key': `${alarm.system ? 'system' : 'own'}/${alarm.alarm}` },
        cell('main', h('span', { class: 'mono' }, alarm.alarm), alarm.attempt ? h('span', { class: 'under' }, `failed ${many(alarm.attempt, 'time')}`) : null),
        cell('', chip(stateOf(alarm))),
        cell('far', alarm.due === 'restart' ? 'at the next start' : time(alarm.due)),
        alarm.system || room.namespace.startsWith('_') ? cell('act') : cell('act', verbs(room, alarm, refresh)),
      ),
    ),
  );

function stateOf(alarm) {
  if (alarm.system) return { tone: 'quiet', mark: '⚙', words: 'system' };
  if (alarm.parked) return { tone: 'bad', mark: '!', words: 'parked' };
  return alarm.due !== 'restart' && Date.parse(alarm.due) < Date.now() ? { tone: 'warn', mark: '·', words: 'due' } : { tone: 'busy', mark: '·', words: 'set' };
}

const verbs = (room, alarm, refresh) => {
  const who = `Alarm ${alarm.alarm} of room ${roomName(room)} of ${room.namespace}.`;
  const anew = 'The room wakes for the change and is built anew after it.';
  return [
    h(
      'button',
      {
        'data-key': 'now',
        type: 'button',
        'aria-label': `Ring ${alarm.alarm} now`,
        onclick: () =>
          confirm({
            title: 'Have the alarm ring now?',
            what: [who, `It rings at once, and not when it was to${alarm.parked ? '; it is no longer parked' : ''}.`, anew],
            button: 'Ring now',
            act: (said) => edit(room, { alarms: [{ alarm: alarm.alarm, due: new Date().toISOString() }] }, said, refresh, 'The alarm is due now.'),
          }),
      },
      'Ring now',
    ),
    ' ',
    h(
      'button',
      {
        'data-key': 'delete',
        type: 'button',
        class: 'danger',
        'aria-label': `Delete alarm ${alarm.alarm}`,
        onclick: () =>
          confirm({
            title: 'Delete the alarm?',
            what: [who, 'It does not ring, unless the room sets it again.', anew, 'This cannot be taken back.'],
            button: 'Delete',
            danger: true,
            act: (said) => edit(room, { alarms: [{ alarm: alarm.alarm }] }, said, refresh, 'The alarm was deleted.'),
          }),
      },
      'Delete',
    ),
  ];
};
