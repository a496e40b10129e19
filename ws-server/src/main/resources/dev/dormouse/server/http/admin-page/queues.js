/** All queues with their consumer groups, in numbers. */

import { get } from './api.js';
import { h } from './dom.js';
import { cell, chip, groupHref, logHref, nothing, section, table } from './parts.js';
import { count, many, size, span } from './words.js';

export const load = () => get('/queues');

export const title = () => 'Queues';

export const draw = ({ queues }) => [h('h1', null, 'Queues'), ...(queues.length === 0 ? [nothing('This server has no queues.')] : queues.map(one))];

const one = (queue) =>
  section(
    queue.queue,
    h(
      'p',
      { class: 'soft' },
      `${many(queue.end - queue.first, 'message')} in the log, ${size(queue.bytes)}`,
      queue.http ? ', open over HTTP' : '',
      queue.deadLettersOf.length > 0 ? `, takes what ${queue.deadLettersOf.join(', ')} could not deliver` : '',
      ' · ',
      h('a', { href: logHref(queue.queue) }, 'look into the log'),
    ),
    queue.trouble ? h('p', { class: 'banner bad' }, queue.trouble) : null,
    queue.groups.length === 0 ? nothing('Nobody consumes it.') : groups(queue),
  );

export const groupState = (group) => [
  group.trouble ? chip({ tone: 'bad', mark: '!', words: 'cannot be asked' }) : group.paused ? chip({ tone: 'warn', mark: '‖', words: 'paused' }) : chip({ tone: 'good', mark: '▸', words: 'handing out' }),
];

const groups = (queue) =>
  table(
    `Consumer groups of ${queue.queue}`,
    [['Group'], ['State'], ['Backlog', 'number'], ['Oldest', 'far'], ['Leased', 'number'], ['Delayed', 'number wide'], ['Given up', 'number']],
    queue.groups.map((group) =>
      h(
        'tr',
        { 'data-key': group.group },
        cell('main', h('a', { href: groupHref(queue.queue, group.group) }, group.group), h('span', { class: 'under' }, group.delivery ? `delivered to ${group.delivery}` : 'pulled')),
        cell('', groupState(group)),
        cell('number', count(group.backlog)),
        cell('far', group.oldestMillis === undefined ? '–' : span(group.oldestMillis)),
        cell('number', count(group.leased)),
        cell('number wide', count(group.delayed)),
        cell('number', group.dead > 0 ? h('a', { class: 'bad-text', href: groupHref(queue.queue, group.group, { state: 'dead' }) }, count(group.dead)) : '0'),
      ),
    ),
  );
