/** SQL on a room that has it: a statement, what the room's database says to it, and changing what is there. */

import { post, sqlPath } from './api.js';
import { bytesOf, hexOf } from './values.js';
import { confirm, remembered } from './dialog.js';
import { h } from './dom.js';
import { cell, nothing, table } from './parts.js';
import { count, many, roomName, size } from './words.js';

const TABLES = 'SELECT name, sql FROM sqlite_schema';

/** How much of a text and of bytes is seen before one opens them. */
const PREVIEW = 80;

/** By room: what is typed, whether it may write, and what was said last; none of it outlives the page. */
const consoles = new Map();

function consoleOf(room) {
  const key = `${room.namespace}/${room.id}`;
  if (!consoles.has(key)) consoles.set(key, { typed: '', write: false, runs: 0, busy: false, said: null, refused: null });
  return consoles.get(key);
}

export function sql(room, refresh) {
  const mine = consoleOf(room);
  const run = () => start(room, mine, refresh);
  return [
    h('p', { class: 'soft', 'data-key': 'wakes' }, 'A statement is a turn of the room, which wakes for it. It only reads, unless you let it write. Up to 200 rows and 1 MiB are shown.'),
    h(
      'form',
      { class: 'sql', 'data-key': 'form', onsubmit: (event) => (event.preventDefault(), run()) },
      h(
        'textarea',
        {
          'data-key': 'statement',
          name: 'statement',
          rows: '4',
          class: 'mono',
          spellcheck: 'false',
          autocomplete: 'off',
          maxlength: '100000',
          placeholder: TABLES,
          'aria-label': 'Statement',
          oninput: (event) => (mine.typed = event.target.value),
          onkeydown: (event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            run();
          },
        },
        mine.typed,
      ),
      h(
        'p',
        { class: 'verbs', 'data-key': 'verbs' },
        h('button', { 'data-key': 'run', type: 'submit', class: mine.write ? 'danger' : 'primary', disabled: mine.busy }, mine.busy ? 'Running …' : 'Run'),
        h('button', { 'data-key': 'tables', type: 'button', disabled: mine.busy, onclick: ({ target }) => ((target.form.elements.statement.value = mine.typed = TABLES), (mine.write = false), run()) }, 'Show its tables'),
        h('label', { 'data-key': 'switch', class: 'switch' }, h('input', { 'data-key': `write/${mine.runs}`, type: 'checkbox', name: 'write', checked: mine.write, onchange: (event) => ((mine.write = event.target.checked), refresh()) }), ' Let it write'),
      ),
    ),
    mine.refused === null ? null : h('p', { class: 'banner bad', role: 'alert', 'data-key': 'refused' }, mine.refused),
    mine.said === null ? null : h('p', { class: 'soft', role: 'status', 'data-key': 'numbers' }, numbers(mine.said)),
    mine.said === null ? null : h('div', { class: 'result', 'data-key': `result/${mine.runs}` }, result(mine.said)),
  ];
}

/** Runs what is typed: at once if it only reads and one has said who one is, else behind the dialogue. */
function start(room, mine, refresh) {
  const statement = mine.typed;
  if (mine.busy || statement.trim() === '') return;
  if (!mine.write && remembered() !== '') {
    void send(room, mine, { actor: remembered(), statement }, refresh).catch((failure) => {
      mine.refused = failure.message;
      refresh();
    });
    return;
  }
  const { write } = mine;
  confirm({
    title: write ? 'Run a statement that may write?' : 'Run the statement?',
    what: write
      ? [`On room ${roomName(room)} of ${room.namespace}:`, short(statement), 'It is one turn of the room, which wakes for it and is built anew after it. This cannot be taken back.']
      : [`On room ${roomName(room)} of ${room.namespace}, which wakes for it.`],
    button: 'Run',
    danger: write,
    act: async ({ actor }) => {
      const said = await send(room, mine, write ? { actor, statement, write } : { actor, statement }, refresh);
      return write ? `${many(said.rowsWritten, 'row')} written.` : 'The statement was run.';
    },
  });
}

async function send(room, mine, order, refresh) {
  mine.busy = true;
  mine.refused = null;
  mine.said = null;
  refresh();
  try {
    const said = await post(sqlPath(room), order);
    mine.said = said;
    mine.write = false;
    mine.runs++;
    return said;
  } finally {
    mine.busy = false;
    refresh();
  }
}

const short = (text) => (text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text);

const numbers = (said) =>
  [
    said.columns.length === 0 ? null : `${many(said.rowsRead, 'row')} read`,
    said.rowsWritten === 0 && said.columns.length > 0 ? null : `${many(said.rowsWritten, 'row')} written`,
    `${count(said.millis)} ms`,
    said.truncated ? 'cut off: there are more rows' : null,
  ]
    .filter((words) => words !== null)
    .join(', ') + '.';

function result(said) {
  if (said.columns.length === 0) return null;
  if (said.rows.length === 0) return nothing(said.truncated ? 'The first row is larger than 1 MiB: ask for fewer columns, or for a part with substr().' : 'No rows.');
  return table(
    'Result',
    said.columns.map((name) => [name, 'mono']),
    said.rows.map((row) => h('tr', null, row.map(value))),
  );
}

/** A value. Null, bytes and numbers that no text could be are told apart from text by how they look. */
function value(it) {
  if (it === null) return cell('soft', 'NULL');
  if (typeof it === 'number') return cell('number mono', String(it));
  if (typeof it === 'string') return it.length > PREVIEW ? cell('long', folded(`${it.slice(0, PREVIEW)}…`, it)) : cell('mono kept', it);
  if (it.base64 === undefined) return cell('number mono', it.integer ?? it.real);
  const bytes = bytesOf(it);
  const digits = hexOf(bytes.subarray(0, PREVIEW / 4));
  return bytes.length > PREVIEW / 4 ? cell('long', folded(`${digits} … (${size(bytes.length)})`, hexOf(bytes))) : cell('mono soft', bytes.length === 0 ? '(no bytes)' : digits);
}

const folded = (beginning, whole) => h('details', null, h('summary', { class: 'mono break' }, beginning), h('pre', null, whole));
