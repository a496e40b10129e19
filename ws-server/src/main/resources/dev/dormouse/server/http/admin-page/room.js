/** One room: whether it is awake, why, and putting it to sleep or waking it. */

import { get, post, query, roomPath } from './api.js';
import { tell } from './dialog.js';
import { h } from './dom.js';
import { facts, nothing, section, time } from './parts.js';
import { roomState } from './rooms.js';
import { count, roomName, span } from './words.js';

export const title = ({ name, id }) => `Room ${name ?? id}`;

export const load = ({ path: [namespace, id] }) => get(roomPath({ namespace, id }));

let refused = null;

export function draw(room, _, { refresh }) {
  const awake = room.state === 'awake';
  const order = (verb, words) => async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      refused = null;
      await post(roomPath(room, verb), {});
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
    ),
    facts(['Namespace', room.namespace], ['Id', h('code', { class: 'break' }, room.id)], [awake ? 'Awake since' : 'Asleep since', time(room.since)], ['Connections', count(room.connections)]),
    section(
      awake ? 'Why it is awake' : 'Why it sleeps',
      room.keptAwake.length === 0
        ? nothing(room.why[0].toUpperCase() + room.why.slice(1), '.')
        : h('ul', { class: 'lines' }, room.keptAwake.map((each) => h('li', { 'data-key': each.condition }, h('span', { class: 'lead mono' }, each.condition.toLowerCase().replaceAll('_', ' ')), h('span', null, each.condition === 'RECENTLY_USED' ? `it was used lately and may sleep in ${span(each.amount)}` : each.words)))),
    ),
  ].filter((node) => node !== null);
}
