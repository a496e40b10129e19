/**
 * One real Yjs client in one process, driven over stdin and stdout:
 *
 *   node clients.mjs --url ws://127.0.0.1:PORT/collab --doc NAME --seed N [--edits M] [--limit SECONDS]
 *                    [--token JWT [--by parameter|protocol]]
 *
 * Each line in is one command, each command gets one line back, in order:
 *   { "cmd": "…", "id": any, … }  →  { "ok": true, "cmd": "…", "id": any, … }
 *                                    { "ok": false, "cmd": "…", "id": any, "error": "…" }
 * Lines with "event" come by themselves: ready, status, synced, lost (a connection ended, with its code),
 * closed (for good).
 *
 *   connect                          start, and keep, a connection; does not wait
 *   disconnect                       close it and stay away: edits from now on are offline
 *   drop                             cut the socket without a closing handshake; reconnects by itself
 *   edit        n, pause             n seeded edits (default --edits), `pause` ms apart (default 0)
 *   text                             → text: the shared text
 *   document                         → sha256 and json of all shared types, keys sorted: compare these
 *   statevector                      → statevector (base64), clocks: { client: clock }
 *   waitsynced  timeout              until the server has answered; timeout in ms (default 10000)
 *   waitfor     sha256, timeout      until `document` gives this sha256
 *   awareness   state                sets one's own state if given → states: { client: state }
 *   status                           → connected, synced, attempts, client, denied (how often it was told that it may not)
 *   renew       token                shows another token over the open connection
 *   token       token                the token of the next connection, and connects if it was told to stay away
 *   quit
 *
 * The end of stdin means quit. After `--limit` seconds (default 600) the process ends with exit code 2.
 */

import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    doc: { type: 'string' },
    seed: { type: 'string', default: '1' },
    edits: { type: 'string', default: '10' },
    limit: { type: 'string', default: '600' },
    token: { type: 'string' },
    by: { type: 'string', default: 'parameter' },
  },
});
if (options.url === undefined || options.doc === undefined) {
  console.error('usage: node clients.mjs --url ws://127.0.0.1:PORT/collab --doc NAME --seed N [--edits M] [--limit SECONDS]');
  process.exit(1);
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** mulberry32: small, and the same everywhere. */
function seeded(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const below = seeded(Number(options.seed));
const doc = new Y.Doc();
const text = doc.getText('text');
const map = doc.getMap('map');
const list = doc.getArray('list');
const provider = new WebsocketProvider(options.url, options.doc.split('/').map(encodeURIComponent).join('/'), doc, {
  connect: false,
  disableBc: true,
  maxBackoffTime: 500,
  params: options.token !== undefined && options.by === 'parameter' ? { token: options.token } : {},
  protocols: options.token !== undefined && options.by === 'protocol' ? ['dormouse', `dormouse.token.${options.token}`] : [],
  WebSocketPolyfill: WebSocket,
});

let denied = 0;
const auth = provider.messageHandlers[2];
provider.messageHandlers[2] = (...said) => {
  denied++;
  auth(...said);
};

// One, two and three bytes in UTF-8, but never two UTF-16 units: Yjs itself does not converge when an
// insert falls between the halves of a surrogate pair.
const WORDS = ['hazel ', 'nut ', 'Ärmel ', 'сон ', 'ヤマネ ', 'z', '\n', '— ', 'a long run of words without an end ', '„“'];
const KEYS = ['a', 'b', 'c', 'ключ', 'nested'];

const anyValue = () => [below(1000), -below(1000), below(100) / 8, `v${below(1000)}`, true, null, [1, 'two'], { deep: { er: below(10) } }, new Uint8Array([below(256), 0, 255])][below(9)];

/** One random edit of the text (mostly), the map or the list. */
function edit() {
  const dice = below(100);
  if (dice < 55 || (dice < 75 && text.length === 0)) {
    text.insert(below(text.length + 1), WORDS[below(WORDS.length)]);
  } else if (dice < 75) {
    const from = below(text.length);
    text.delete(from, Math.min(1 + below(12), text.length - from));
  } else if (dice < 82) {
    map.set(KEYS[below(KEYS.length)], anyValue());
  } else if (dice < 85) {
    map.set('nested', new Y.Map([['made', below(1000)]]));
  } else if (dice < 88) {
    const nested = map.get('nested');
    if (nested instanceof Y.Map) nested.set(KEYS[below(3)], anyValue());
    else map.delete(KEYS[below(KEYS.length)]);
  } else if (dice < 96 || list.length === 0) {
    list.insert(below(list.length + 1), Array.from({ length: 1 + below(3) }, anyValue));
  } else {
    const from = below(list.length);
    list.delete(from, Math.min(1 + below(3), list.length - from));
  }
}

/** JSON with sorted keys: the order in a Y.Map is that of arrival. */
function canonical(value) {
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(canonical);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, canonical(value[key])]));
  }
  return value;
}

function fingerprint() {
  const json = JSON.stringify(canonical({ text: text.toString(), map: map.toJSON(), list: list.toJSON() }));
  return { json, sha256: createHash('sha256').update(json).digest('hex') };
}

async function until(what, timeout, holds) {
  const deadline = Date.now() + timeout;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms for ${what}`);
    await sleep(5);
  }
}

const commands = {
  connect() {
    provider.connect();
  },
  disconnect() {
    provider.disconnect();
  },
  drop() {
    if (provider.ws === null) throw new Error('there is no socket to drop');
    provider.ws.terminate();
  },
  async edit({ n = Number(options.edits), pause = 0 }) {
    for (let made = 0; made < n; ) {
      // Mostly one edit a transaction, now and then a few.
      const together = Math.min(below(8) === 0 ? 1 + below(5) : 1, n - made);
      doc.transact(() => {
        for (let i = 0; i < together; i++) edit();
      });
      made += together;
      if (pause > 0) await sleep(pause);
    }
    return { n, length: text.length };
  },
  text() {
    return { text: text.toString() };
  },
  document: fingerprint,
  statevector() {
    const vector = Y.encodeStateVector(doc);
    return { statevector: Buffer.from(vector).toString('base64'), clocks: Object.fromEntries([...Y.decodeStateVector(vector)].sort(([a], [b]) => a - b)) };
  },
  async waitsynced({ timeout = 10_000 }) {
    await until('the server’s answer', timeout, () => provider.synced);
  },
  async waitfor({ sha256, timeout = 10_000 }) {
    if (typeof sha256 !== 'string') throw new Error('waitfor needs the sha256 to wait for');
    await until(`a document with sha256 ${sha256}`, timeout, () => fingerprint().sha256 === sha256);
  },
  awareness({ state }) {
    if (state !== undefined) provider.awareness.setLocalState(state);
    return { states: Object.fromEntries(provider.awareness.getStates()) };
  },
  status() {
    return { connected: provider.wsconnected, synced: provider.synced, attempts: provider.wsUnsuccessfulReconnects, client: doc.clientID, denied };
  },
  renew({ token }) {
    provider.ws.send(JSON.stringify({ dormouse: 'token', token }));
  },
  token({ token }) {
    if (options.by === 'parameter') provider.params = { token };
    else provider.protocols = ['dormouse', `dormouse.token.${token}`];
    provider.connect();
  },
};

provider.on('status', ({ status }) => say({ event: 'status', status }));
provider.on('sync', (synced) => say({ event: 'synced', synced }));
provider.on('connection-close', (event) => say({ event: 'lost', code: event?.code ?? null }));
provider.on('closed', ({ code, reason }) => say({ event: 'closed', code, reason: String(reason) }));
setTimeout(() => {
  console.error(`clients.mjs: not told to quit within ${options.limit} s`);
  process.exit(2);
}, Number(options.limit) * 1000).unref();
say({ event: 'ready', client: doc.clientID });

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  let cmd = null;
  let id = null;
  try {
    const command = JSON.parse(line);
    cmd = command.cmd ?? null;
    id = command.id ?? null;
    if (cmd === 'quit') {
      say({ ok: true, cmd, id });
      break;
    }
    if (!Object.hasOwn(commands, cmd)) throw new Error(`no such command; there are ${Object.keys(commands).join(', ')}, quit`);
    const result = await commands[cmd](command);
    say({ ok: true, cmd, id, ...result });
  } catch (error) {
    say({ ok: false, cmd, id, error: error.message });
  }
}
provider.destroy();
doc.destroy();
// Let stdout and the closing handshake go out first.
await sleep(50);
process.exit(0);
