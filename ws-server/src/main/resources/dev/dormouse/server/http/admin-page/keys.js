/** What is stored of a room: its keys page by page, their values as text, JSON or bytes, and changing them. */

import { keysPath, post } from './api.js';
import { base64Of, bytesOf, bytesOfHex, dump, hexOf, pretty, VIEWS } from './values.js';
import { confirm, field } from './dialog.js';
import { h } from './dom.js';
import { cell, chip, nothing, pager, roomHref, search, table, tabs } from './parts.js';
import { count, roomName, size } from './words.js';

/** How many are shown at once. */
export const ROWS = 20;

const PREVIEW = 80;

export function keys(room, rows, values, { go, refresh }) {
  const { prefix = '', after, as = 'text' } = values;
  const changed = (more) => roomHref(room, { ...values, ...more });
  const mayEdit = !room.namespace.startsWith('_');
  return [
    room.sql ? h('p', { class: 'soft', 'data-key': 'tables' }, 'This room has tables too, or tables alone: they are under SQL, below.') : null,
    tabs('Show values as', Object.entries(VIEWS).map(([key, words]) => [key, words, changed({ as: key === 'text' ? undefined : key })]), as),
    h(
      'form',
      { class: 'filters', 'data-key': 'filters', onsubmit: (event) => event.preventDefault() },
      search(prefix, 'Keys that begin with', (text) => go(changed({ prefix: text, after: undefined }), true)),
      mayEdit ? h('button', { 'data-key': 'add', type: 'button', onclick: () => write(room, null, refresh) }, 'Add a key') : null,
    ),
    rows === null || rows.keys.length === 0 ? nothing(prefix === '' && !after ? 'No key is stored.' : 'There are no such keys.') : list(room, rows.keys, as, mayEdit, refresh),
    rows === null ? null : pager(after ? changed({ after: undefined }) : null, rows.next === undefined ? null : changed({ after: rows.next }), `${count(rows.keys.length)} shown`),
  ];
}

const list = (room, entries, as, mayEdit, refresh) =>
  table(
    'Keys',
    [['Key and value'], ['Size', 'number wide'], ['', '']],
    entries.map((entry) => {
      const bytes = bytesOf(entry);
      return h(
        'tr',
        { 'data-key': `${entry.system ? 'system' : 'own'}/${entry.key}` },
        cell('main', h('span', { class: 'mono break' }, entry.key), entry.system ? [' ', chip({ tone: 'quiet', mark: '⚙', words: 'system' })] : null, h('details', { 'data-key': 'value' }, h('summary', { class: 'mono break' }, preview(entry, bytes)), h('pre', null, shown(entry, bytes, as)))),
        cell('number wide', size(bytes.length)),
        entry.system || !mayEdit
          ? cell('act')
          : cell(
              'act',
              h('button', { 'data-key': 'edit', type: 'button', 'aria-label': `Edit ${entry.key}`, onclick: () => write(room, entry, refresh) }, 'Edit'),
              ' ',
              h('button', { 'data-key': 'delete', type: 'button', class: 'danger', 'aria-label': `Delete ${entry.key}`, onclick: () => remove(room, entry, refresh) }, 'Delete'),
            ),
      );
    }),
  );

function preview(entry, bytes) {
  if (bytes.length === 0) return '(empty)';
  if (entry.text === undefined) return hexOf(bytes.subarray(0, PREVIEW / 2)) + (bytes.length > PREVIEW / 2 ? ' …' : '');
  return entry.text.slice(0, PREVIEW).replace(/\s+/g, ' ') + (entry.text.length > PREVIEW ? '…' : '');
}

function shown(entry, bytes, as) {
  switch (as) {
    case 'json': return pretty(entry.text) ?? `This is no JSON.\n\n${entry.text ?? dump(bytes)}`;
    case 'hex': return dump(bytes);
    default: return entry.text ?? `This is no text.\n\n${dump(bytes)}`;
  }
}

/** Makes a change, which is one turn of the room. */
export async function edit(room, change, { actor }, refresh, words) {
  await post(keysPath(room, { actor }), change);
  refresh();
  return words;
}

/** What was looked at: if somebody else has changed it since, the server changes nothing and says so. */
const was = (entry) => (entry === null ? null : entry.text === undefined ? { base64: entry.base64 } : { text: entry.text });

const ANEW = 'The room wakes for the change and is built anew after it.';

function write(room, entry, refresh) {
  // What a field for text would not give back as it was is edited as bytes.
  const asText = entry === null || (entry.text !== undefined && !entry.text.includes('\r') && !entry.text.includes('\0'));
  const name = h('input', { id: 'dialog-key', name: 'key', required: true, autocomplete: 'off', spellcheck: 'false' });
  const kind = h('select', { id: 'dialog-kind', name: 'kind' }, Object.entries(VIEWS).map(([key, words]) => h('option', { value: key, selected: key === (asText ? 'text' : 'hex') }, words)));
  const value = h('textarea', { id: 'dialog-value', name: 'value', rows: '8', class: 'mono', spellcheck: 'false' }, entry === null ? '' : asText ? entry.text : hexOf(bytesOf(entry)));
  confirm({
    title: entry === null ? 'Add a key' : 'Change the value?',
    what: [entry === null ? `To room ${roomName(room)} of ${room.namespace}. Nothing that is there is replaced.` : `Key ${entry.key} of room ${roomName(room)} of ${room.namespace}.`, ANEW],
    fields: [entry === null ? field('Key', name) : null, field('The value is', kind), field('Value', value)],
    button: entry === null ? 'Add' : 'Change',
    danger: entry !== null,
    act: async (said) => {
      const key = entry === null ? name.value : entry.key;
      if (key === '') throw new Error('A key has a name.');
      const put = valueOf(kind.value, value.value);
      return edit(room, { keys: [{ key, ...put, was: was(entry) }] }, said, refresh, entry === null ? 'The key was added.' : 'The value was changed.');
    },
  });
}

/** What was typed, as a change takes it. */
function valueOf(kind, typed) {
  if (kind === 'hex') {
    const bytes = bytesOfHex(typed);
    if (bytes === null) throw new Error('These are no bytes: pairs of hexadecimal digits, with spaces as you like.');
    return { base64: base64Of(bytes) };
  }
  if (kind === 'json' && pretty(typed) === null) throw new Error('This is no JSON.');
  return { text: typed };
}

const remove = (room, entry, refresh) =>
  confirm({
    title: 'Delete the key?',
    what: [`Key ${entry.key} of room ${roomName(room)} of ${room.namespace}, with its value.`, ANEW, 'This cannot be taken back.'],
    button: 'Delete',
    danger: true,
    act: (said) => edit(room, { keys: [{ key: entry.key, was: was(entry) }] }, said, refresh, 'The key was deleted.'),
  });
