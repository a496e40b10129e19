/** One consumer group: its numbers, its messages, and what can be done to it. And a queue's log. */

import { get, groupPath, post, query, queuePath } from './api.js';
import { confirm } from './dialog.js';
import { h } from './dom.js';
import { cell, chip, facts, groupHref, logHref, nothing, pager, section, table, tabs, time } from './parts.js';
import { groupState } from './queues.js';
import { count, many, MESSAGE_STATES, size, span } from './words.js';

const PAGE = 20;

export const title = (_, { path }) => (path.length > 1 ? `${path[0]} → ${path[1]}` : `Log of ${path[0]}`);

export async function load({ path: [queue, name], values: { state = 'open', from } }) {
  if (name === undefined) return { log: await get(queuePath(queue, 'log') + query({ from, limit: PAGE })) };
  const [group, messages] = await Promise.all([get(groupPath(queue, name)), get(groupPath(queue, name, 'messages') + query({ state, from, limit: PAGE }))]);
  return { group, messages };
}

export const draw = (data, route, page) => (data.log ? drawLog(data.log, route) : drawGroup(data, route, page));

const crumbs = (...more) => h('p', { class: 'crumbs' }, h('a', { href: '#/queues' }, 'Queues'), ...more);

function drawLog(log, { path: [queue], values: { from } }) {
  return [
    crumbs(),
    h('h1', null, `Log of ${queue}`),
    log.messages.length === 0 ? nothing('There is nothing here.') : messageTable(log.messages),
    pager(from ? logHref(queue) : null, log.next === undefined ? null : logHref(queue, { from: log.next }), `${count(log.messages.length)} shown`),
  ];
}

const STATES = [['open', 'All open'], ['ready', 'Ready'], ['delayed', 'Delayed'], ['leased', 'Leased'], ['dead', 'Given up']];

function drawGroup({ group, messages }, { path: [queue, name], values: { state = 'open', from } }, { refresh }) {
  const ask = asker(group, refresh);
  return [
    crumbs(' / ', h('a', { href: logHref(queue) }, queue)),
    h('div', { class: 'heading' }, h('h1', null, name), h('p', { class: 'chips' }, groupState(group))),
    group.trouble ? h('p', { class: 'banner bad', 'data-key': 'trouble' }, group.trouble) : null,
    h(
      'p',
      { class: 'verbs', 'data-key': 'verbs' },
      group.dead > 0 ? h('button', { 'data-key': 'redrive', type: 'button', class: 'primary', onclick: ask.redriveAll }, 'Drive all again') : null,
      h('button', { 'data-key': 'pause', type: 'button', onclick: group.paused ? ask.resume : ask.pause }, group.paused ? 'Resume' : 'Pause'),
      h('button', { 'data-key': 'purge', type: 'button', class: 'danger', onclick: ask.purge }, 'Purge'),
    ),
    facts(
      ['Backlog', count(group.backlog)],
      ['Oldest', group.oldestMillis === undefined ? '–' : span(group.oldestMillis)],
      ['Unread', count(group.unread)],
      ['Ready', count(group.ready)],
      ['Delayed', count(group.delayed)],
      ['Leased', count(group.leased)],
      ['Given up', count(group.dead)],
      ['Acknowledged', count(group.acked)],
      ['Handed out again', `${(group.redelivery * 100).toFixed(group.redelivery < 0.1 ? 1 : 0)} %`],
      group.lost > 0 ? ['Lost', count(group.lost)] : null,
      group.letters > 0 ? ['Dead letters to send', count(group.letters)] : null,
      ['Delivery', group.delivery ?? 'pulled'],
      ['Dead letters go to', h('a', { href: logHref(group.deadLetterQueue) }, group.deadLetterQueue)],
    ),
    section(
      'Messages',
      tabs('Messages', STATES.map(([key, words]) => [key, words, groupHref(queue, name, key === 'open' ? {} : { state: key })]), state),
      messages.messages.length === 0 ? nothing(state === 'open' ? 'The group has nothing in hand.' : 'There is none.') : messageTable(messages.messages, state === 'dead' ? ask.redrive : null),
      pager(from ? groupHref(queue, name, { state }) : null, messages.next === undefined ? null : groupHref(queue, name, { state, from: messages.next }), `${count(messages.messages.length)} shown; what the group has not read yet is in the log only`),
    ),
  ].filter((node) => node !== null);
}

function asker(group, refresh) {
  const order = (verb, more = {}) => async ({ actor }) => {
    const { messages } = await post(groupPath(group.queue, group.group, verb), { actor, ...more });
    refresh();
    return messages;
  };
  const who = `Group ${group.group} of queue ${group.queue}.`;
  return {
    redriveAll: () =>
      confirm({
        title: 'Drive all again?',
        what: [who, `${many(group.dead, 'message that was', 'messages that were')} given up ${group.dead === 1 ? 'is' : 'are'} handed out again, as if never tried. If what made ${group.dead === 1 ? 'it' : 'them'} fail is still there, ${group.dead === 1 ? 'it fails' : 'they fail'} again.`],
        button: 'Drive all again',
        act: async (said) => `${many(await order('redrive')(said), 'message')} handed out again.`,
      }),
    redrive: (message) =>
      confirm({
        title: `Drive message ${message.position} again?`,
        what: [who, `The message with key ${message.key} is handed out again, as if never tried.`],
        button: 'Drive again',
        act: async (said) => {
          await order('redrive', { position: message.position })(said);
          return `Message ${message.position} is handed out again.`;
        },
      }),
    pause: () => confirm({ title: 'Pause the group?', what: [who, 'Nothing is handed out until it is resumed; its backlog grows meanwhile. Who has messages may still answer them.'], button: 'Pause', act: (said) => order('pause')(said).then(() => 'The group is paused.') }),
    resume: () => confirm({ title: 'Resume the group?', what: [who, `It hands out again: ${many(group.backlog, 'message')} ${group.backlog === 1 ? 'waits' : 'wait'}.`], button: 'Resume', act: (said) => order('resume')(said).then(() => 'The group hands out again.') }),
    purge: () =>
      confirm({
        title: 'Purge the group?',
        what: [who, `All that it has not settled is dropped for good: ${many(group.backlog, 'message')}, read or not. Other groups keep theirs, and what was given up stays.`, 'This cannot be taken back.'],
        button: 'Purge',
        danger: true,
        typed: group.group,
        act: async (said) => `${many(await order('purge')(said), 'message')} dropped.`,
      }),
  };
}

const messageTable = (messages, redrive) =>
  table(
    'Messages',
    [['Position', 'number'], ['Message'], ['State'], ['Attempts', 'number wide'], ...(redrive ? [['', '']] : [])],
    messages.map((message) =>
      h(
        'tr',
        { 'data-key': message.position },
        cell('number soft', message.position),
        cell(
          'main',
          h('span', { class: 'mono' }, message.key),
          h('span', { class: 'under' }, [message.type, message.contentType, message.bytes === undefined ? 'gone from the log' : size(message.bytes), message.orderingKey ? `in order of ${message.orderingKey}` : ''].filter(Boolean).join(' · ')),
          message.error ? h('span', { class: 'under cause' }, message.error) : null,
          message.origin ? h('span', { class: 'under cause' }, `from ${message.origin.queue} → ${message.origin.group}, given up after ${many(message.origin.attempts, 'attempt')}${message.origin.error ? `: ${message.origin.error}` : ''}`) : null,
          message.preview ? h('details', { 'data-key': 'payload' }, h('summary', null, 'Payload'), h('pre', null, message.preview)) : null,
        ),
        cell('', message.state ? chip(MESSAGE_STATES[message.state] ?? { tone: 'quiet', mark: '?', words: message.state }) : null, message.until ? h('span', { class: 'under' }, message.state === 'LEASED' ? 'lease ends ' : 'due ', time(message.until)) : null, message.appended ? h('span', { class: 'under' }, 'sent ', time(message.appended)) : null),
        cell('number wide', message.attempts === undefined ? '–' : count(message.attempts)),
        redrive ? cell('act', h('button', { type: 'button', onclick: () => redrive(message) }, 'Drive again')) : null,
      ),
    ),
  );
