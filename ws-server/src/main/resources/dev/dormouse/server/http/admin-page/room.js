/** One room: whether it is awake, why, who is connected, what is stored, and what can be done to it. */

import { connectionsPath, get, keysPath, post, query, roomPath } from './api.js';
import { alarms, next } from './alarms.js';
import { connections, GUESTS } from './connections.js';
import { confirm, remembered, tell } from './dialog.js';
import { h } from './dom.js';
import { keys, ROWS } from './keys.js';
import { facts, nothing, section, time } from './parts.js';
import { roomState } from './rooms.js';
import { sql } from './sql.js';
import { count, roomName, span, stored } from './words.js';

export const title = ({ report: { name, id } }) => `Room ${name ?? id}`;

const ID = /^[0-9a-f]{64}$/;

/** A room is named by its id, or as people call it. */
const find = (namespace, names) =>
  get(names.length === 1 && ID.test(names[0]) ? roomPath({ namespace, id: names[0] }) : `/rooms/${[namespace, ...names].map(encodeURIComponent).join('/')}`);

export async function load({ path: [namespace, ...names], values: { prefix, after, guests } }) {
  const report = await find(namespace, names);
  const room = { namespace, id: report.id };
  const stored = (values) =>
    get(keysPath(room, values)).catch((failure) => {
      // Nothing is stored of a room that has only connections.
      if (failure.status === 404) return null;
      throw failure;
    });
  const [rows, first, connected] = await Promise.all([
    stored({ prefix, after, limit: ROWS }),
    // Alarms stand on the first page only.
    after ? stored({ limit: 1 }) : null,
    get(connectionsPath(room, { after: guests, limit: GUESTS })),
  ]);
  return { report, rows, alarms: (first ?? rows)?.alarms ?? [], connected };
}

let refused = null;

export function draw({ report: room, rows, alarms: set, connected }, { values }, page) {
  const { refresh } = page;
  const awake = room.state === 'awake';
  const order = (verb, words) => async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      refused = null;
      await post(roomPath(room, verb, remembered()), {});
      tell(words);
    } catch (failure) {
      refused = { id: room.id, words: failure.message };
    } finally {
      button.disabled = false;
      refresh();
    }
  };
  return [
    h('p', { class: 'crumbs' }, h('a', { href: '#/rooms' }, 'Rooms'), ' / ', h('a', { href: `#/rooms${query({ namespace: room.namespace })}` }, room.namespace)),
    h('div', { class: 'heading' }, h('h1', null, roomName(room)), h('p', { class: 'chips' }, roomState(room))),
    refused?.id === room.id ? h('p', { class: 'banner bad', role: 'alert', 'data-key': 'refused' }, refused.words) : null,
    h(
      'p',
      { class: 'verbs', 'data-key': 'verbs' },
      awake
        ? h('button', { 'data-key': 'evict', type: 'button', onclick: order('evict', 'The room sleeps; its connections stay open.') }, 'Put to sleep')
        : h('button', { 'data-key': 'wake', type: 'button', onclick: order('wake', 'The room is awake.') }, 'Wake'),
      awake ? h('button', { 'data-key': 'abort', type: 'button', class: 'danger', onclick: () => abort(room, refresh) }, 'Abort') : null,
    ),
    facts(
      ['Namespace', room.namespace],
      ['Id', h('code', { class: 'break' }, room.id)],
      [awake ? 'Awake since' : 'Asleep since', time(room.since)],
      ['Connections', count(connected.all)],
      ['Rings next', next(set) ?? 'nothing'],
      ['Version', rows === null ? 'nothing is stored' : count(rows.version)],
      rows === null ? null : ['Stored', stored(rows.stored)],
      rows !== null && rows.schema > 0 ? ['Schema', count(rows.schema)] : null,
    ),
    section(
      awake ? 'Why it is awake' : 'Why it sleeps',
      room.keptAwake.length === 0
        ? nothing(room.why[0].toUpperCase() + room.why.slice(1), '.')
        : h('ul', { class: 'lines' }, room.keptAwake.map((each) => h('li', { 'data-key': each.condition }, h('span', { class: 'lead mono' }, each.condition.toLowerCase().replaceAll('_', ' ')), h('span', null, each.condition === 'RECENTLY_USED' ? `it was used lately and may sleep in ${span(each.amount)}` : each.words)))),
    ),
    section('Alarms', alarms(room, set, refresh)),
    section('Connections', connections(room, connected, values, refresh)),
    section('Keys', keys(room, rows, values, page)),
    room.sql ? section('SQL', sql(room, refresh)) : null,
  ].filter((node) => node !== null);
}

const abort = (room, refresh) =>
  confirm({
    title: 'Abort the room?',
    what: [
      `Room ${roomName(room)} of ${room.namespace}.`,
      'What it is at ends now: turns that have not ended change nothing, and who waits for an answer is told that there is none. What its code remembers is gone.',
      'What is stored and its connections stay. The next that comes for it builds it anew, at once if it has connections.',
    ],
    button: 'Abort',
    danger: true,
    note: 'may',
    act: async ({ actor, note }) => {
      const { aborted } = await post(roomPath(room, 'abort'), note === '' ? { actor } : { actor, reason: note });
      refresh();
      return aborted ? 'The room was aborted.' : 'There was nothing to abort.';
    },
  });
