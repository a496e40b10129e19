/** The definitions of sagas that this server has, drawn. */

import { get } from './api.js';
import { h } from './dom.js';
import { graph, kindLine } from './graph.js';
import { facts, nothing } from './parts.js';
import { many, span } from './words.js';

export const load = () => get('/definitions');

export const title = () => 'Definitions';

export const draw = ({ definitions }, _, { width }) => [
  h('p', { class: 'crumbs' }, h('a', { href: '#/sagas' }, 'Sagas')),
  h('h1', null, 'Definitions'),
  definitions.length === 0 ? nothing('This server has no definitions of sagas.') : null,
  ...definitions.map((definition) => one(definition, width)),
].filter((node) => node !== null);

const one = (definition, width) =>
  h(
    'section',
    { 'data-key': `${definition.name}/${definition.version}` },
    h('h2', null, definition.name, h('span', { class: 'soft' }, ` version ${definition.version}`)),
    facts(
      ['Started with', h('code', null, definition.input)],
      ['Deadline', definition.deadlineMillis === undefined ? 'none' : span(definition.deadlineMillis)],
      ['When parked', `looked at every ${span(definition.reviewMillis)}`, definition.automaticRetries > 0 ? `, tried again by itself ${many(definition.automaticRetries, 'time')}` : ''],
      ['Its sagas', h('a', { href: `#/sagas?definition=${encodeURIComponent(definition.name)}` }, 'open ones')],
    ),
    h(
      'div',
      { class: 'drawing', tabindex: '0', role: 'region', 'aria-label': `Graph of ${definition.name}` },
      graph(
        definition.stages.map((stage) =>
          stage.map((step) => ({
            name: step.step,
            kind: step.kind,
            line: kindLine({ kind: step.kind, undo: step.undo?.operation }),
            state: { tone: 'plain', mark: step.act?.asks === 'service' ? '↗' : '→', words: step.act ? `${step.act.service ? `${step.act.service}: ` : ''}${step.act.operation}` : '' },
          })),
        ),
        width,
        false,
        `${definition.name}: ${definition.stages.map((stage) => stage.map(({ step }) => step).join(' with ')).join(', then ')}`,
      ),
    ),
    h('details', { 'data-key': 'text' }, h('summary', null, 'As Mermaid text'), h('pre', null, definition.mermaid)),
  );
