/** One saga: how it stands as a graph and in words, what it waits for, what has happened. */

import { get, sagaPath } from './api.js';
import { h } from './dom.js';
import { graph, kindLine } from './graph.js';
import { cell, chip, facts, nothing, roomLink, section, statusChip, table, time } from './parts.js';
import { count, exactly, KINDS, many, size, statusOf, stepState, when } from './words.js';
import { buttons } from './verbs.js';

export const title = (_, { path }) => `Saga ${path[2]}`;

export async function load({ path }) {
  const [saga, { definitions }] = await Promise.all([get(sagaPath({ namespace: path[0], id: path[1] }, path[2])), get('/definitions')]);
  return { saga, definition: definitions.find(({ name, version }) => name === saga.definition && version === saga.version) };
}

export function draw({ saga, definition }, _, { refresh, width }) {
  const possible = buttons(saga, refresh);
  return [
    h('p', { class: 'crumbs' }, h('a', { href: '#/sagas' }, 'Sagas'), ' / ', h('a', { href: `#/sagas?definition=${encodeURIComponent(saga.definition)}` }, saga.definition)),
    h('div', { class: 'heading' }, h('h1', null, saga.saga), h('p', { class: 'chips' }, statusChip(saga))),
    saga.cause ? h('p', { class: `banner ${statusOf(saga.status).tone}`, 'data-key': 'cause' }, h('strong', null, 'Why: '), saga.cause) : null,
    saga.defined ? null : h('p', { class: 'banner bad', 'data-key': 'undefined' }, `This server does not have version ${saga.version} of ${saga.definition}. The saga stands still until one that has it is started.`),
    possible.length === 0
      ? null
      : h(
          'p',
          { class: 'verbs', 'data-key': 'verbs' },
          possible.map(({ key, label, danger, verb, ask }) => h('button', { 'data-key': key, type: 'button', class: danger ? 'danger' : verb === 'retry' ? 'primary' : null, onclick: ask }, label)),
        ),
    facts(
      ['Room', roomLink(saga.room)],
      ['Definition', saga.definition, h('span', { class: 'soft' }, `, version ${saga.version}`)],
      ['Started', time(saga.started)],
      saga.ended ? ['Ended', time(saga.ended)] : ['Last moved', time(saga.changed)],
      saga.deadline && !saga.ended ? ['Deadline', time(saga.deadline)] : null,
      ['Input', size(saga.inputBytes)],
    ),
    section('Steps', definition ? drawn(saga, definition, width) : null, steps(saga)),
    saga.ended ? null : section('What it waits for', alarms(saga)),
    saga.dead.length === 0 ? null : section('Given up', dead(saga)),
    section('Timeline', timeline(saga)),
  ].filter((node) => node !== null);
}

const RETURNING = ['COMPENSATING', 'COMPENSATED', 'PARKED_BACKWARD'];

function drawn(saga, definition, width) {
  const known = new Map(saga.steps.map((step) => [step.step, step]));
  const stages = definition.stages.map((stage) =>
    stage.map((step) => ({
      name: step.step,
      kind: step.kind,
      line: kindLine({ kind: step.kind, undo: step.undo?.operation }),
      state: known.has(step.step) ? stepState(known.get(step.step)) : null,
    })),
  );
  const words = saga.steps.map((step) => `${step.step}: ${stepState(step).words}`).join('; ');
  return h('div', { class: 'drawing', tabindex: '0', role: 'region', 'aria-label': 'Graph of the definition' }, graph(stages, width, RETURNING.includes(saga.status), `The steps of ${saga.definition}. ${words}.`));
}

const steps = (saga) =>
  table(
    'Steps',
    [['Step'], ['State'], ['Attempts', 'number'], ['Asked', 'wide']],
    saga.steps.map((step) =>
      h(
        'tr',
        { 'data-key': step.step },
        cell('main', h('strong', null, step.step), h('span', { class: 'under' }, KINDS[step.kind] ?? ''), step.error ? h('span', { class: 'under cause' }, step.error) : null),
        cell('', chip(stepState(step))),
        cell('number', attempts(step)),
        cell('wide break', step.target ?? '–', step.resultBytes ? h('span', { class: 'under' }, `answered ${size(step.resultBytes)}`) : null),
      ),
    ),
  );

function attempts(step) {
  if (step.attempt === 0) return '–';
  const done = step.attempts ? `${step.attempt} of ${step.attempts}` : count(step.attempt);
  return step.undoAttempt === 0 ? done : [done, h('span', { class: 'under' }, `undo ${step.undoAttempt}${step.undoAttempts ? ` of ${step.undoAttempts}` : ''}`)];
}

const WAITS = {
  do: (step) => `if ${step} is not answered until then it is tried again, or given up after its last attempt`,
  undo: (step) => `if the undo of ${step} is not answered until then it is tried again, or given up after its last attempt`,
  deadline: () => 'the deadline: if it is not past its pivot by then it is turned back',
  review: () => 'it is looked at again',
};

const alarms = (saga) =>
  saga.alarms.length === 0
    ? nothing('No alarm is set.')
    : h(
        'ul',
        { class: 'lines' },
        saga.alarms.map((alarm) =>
          h(
            'li',
            { 'data-key': `${alarm.what}/${alarm.step ?? ''}` },
            h('time', { class: 'lead', datetime: alarm.due, title: exactly(alarm.due) }, Date.parse(alarm.due) < Date.now() ? `due ${when(alarm.due)}` : when(alarm.due)),
            h('span', null, WAITS[alarm.what]?.(alarm.step ?? 'the step') ?? alarm.what, h('span', { class: 'soft' }, ` · ${exactly(alarm.due)}`)),
          ),
        ),
      );

const dead = (saga) =>
  h(
    'ul',
    { class: 'lines' },
    saga.dead.map((each) =>
      h(
        'li',
        { 'data-key': `${each.step}/${each.way}` },
        h('span', { class: 'lead' }, each.way === 'undo' ? `undo of ${each.step}` : each.step),
        h(
          'span',
          null,
          each.reason,
          ', ',
          time(each.at),
          h('span', { class: 'under' }, each.closedBy ? `dealt with by ${each.closedBy}${each.note ? `: ${each.note}` : ''}` : ['waits for somebody; looked at again ', time(each.reviewAt)]),
        ),
      ),
    ),
  );

const timeline = (saga) => [
  saga.earlier > 0 ? h('p', { class: 'soft' }, `${many(saga.earlier, 'earlier line')} not shown.`) : null,
  table(
    'Timeline, latest first',
    [['', 'number'], ['When'], ['What'], ['State after it', 'wide']],
    [...saga.timeline].reverse().map((line) =>
      h(
        'tr',
        { 'data-key': line.n },
        cell('number soft', line.n),
        cell('far', h('time', { datetime: line.at, title: when(line.at) }, exactly(line.at))),
        cell('main', h('span', null, line.step ? [h('strong', null, line.step), ': '] : null, line.meaning), line.detail && line.detail !== line.meaning ? h('span', { class: 'under' }, line.detail) : null, h('span', { class: 'unseen' }, ` (${line.transition})`)),
        cell('wide', chip({ ...statusOf(line.status), words: statusOf(line.status).short })),
      ),
    ),
  ),
];
