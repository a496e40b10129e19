/**
 * Simulated devices, as the room `device` knows them: they connect, say what they are, and take new
 * firmware, each in its own manner.
 *
 *     node devices.mjs --url http://127.0.0.1:8420 [--tenant demo] [--count 1000] [--firmware 1.0]
 *         [--manners fails=2,stubborn=1] [--seed 1] [--takes 200] [--token …]
 *
 * `--manners` names how many of them are in which manner, the first ones first; `share` in place of
 * a number (`fails=3%`) draws them from the seed. All others are good. `--takes` is how many
 * milliseconds an installation takes at most. `--token` is shown by all of them, and grants
 * `write:device/{tenant}/*`. Why one cannot connect, or is sent away for good (4400 to 4499: another
 * one has its name, or its token has ended), is said on standard error, once for each reason. A line on standard input is answered with one: what
 * firmware they have, how many are connected. The end of standard input changes nothing; a signal
 * ends it.
 */

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import WebSocket from 'ws';

const MANNERS = ['good', 'fails', 'rejects', 'silent', 'sick', 'fallsback', 'stubborn', 'repeats'];
const PING_MS = 60_000;
const MOST_BACKOFF_MS = 5_000;

/** mulberry32: small, and the same everywhere. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One device. What it has is kept while it reconnects, as on a device of its own. */
export class Device {
  constructor(fleet, name, manner) {
    this.fleet = fleet;
    this.name = name;
    this.manner = manner;
    this.old = fleet.firmware;
    this.firmware = fleet.firmware;
    this.seen = 0;
    this.said = [];
    this.attempts = 0;
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    const { url, tenant, random, token } = this.fleet;
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/device/${tenant}/${this.name}`, { perMessageDeflate: false, headers });
    this.socket = socket;
    socket.on('open', () => {
      this.attempts = 0;
      this.report();
      if (this.refusal && this.refusal.seen === this.doing) this.say(this.refusal);
      this.ping = setInterval(() => this.say({ type: 'ping' }), PING_MS * (1 + random()));
    });
    socket.on('message', (bytes) => this.take(JSON.parse(bytes.toString())));
    socket.on('error', (error) => this.fleet.complain(this.name, error.message)); // 'close' follows
    socket.on('close', (code, reason) => {
      clearInterval(this.ping);
      if (this.fleet.over || socket !== this.socket) return;
      if (code >= 4400 && code < 4500) {
        this.fleet.complain(this.name, `stays away: ${code} ${reason}`);
      } else {
        const wait = Math.min(MOST_BACKOFF_MS, 200 * 2 ** this.attempts++);
        setTimeout(() => this.connect(), wait * (0.5 + random()));
      }
    });
  }

  say(frame) {
    if (this.open) this.socket.send(JSON.stringify(frame));
  }

  report() {
    const sick = this.manner === 'sick' && this.firmware !== this.old;
    const frame = { type: 'report', seen: this.seen, state: { firmware: this.firmware, health: sick ? 'bad' : 'ok' } };
    this.say(frame);
    if (this.manner === 'repeats') {
      this.say(frame);
      this.said.forEach((late) => this.say(late));
      this.said = [...this.said, frame].slice(-5);
    }
  }

  take(frame) {
    if (frame.type !== 'delta' || this.manner === 'silent' || frame.version <= (this.doing ?? this.seen)) return;
    this.doing = frame.version;
    setTimeout(() => this.act(frame), this.fleet.takes * this.fleet.random());
  }

  act({ version, state }) {
    if (version !== this.doing) return; // a later wish came meanwhile
    const wanted = state.firmware ?? this.firmware;
    const back = wanted === this.old;
    if (!back && (this.manner === 'fails' || this.manner === 'rejects')) {
      this.refuse(version, this.manner === 'fails' ? 'failed' : 'rejected');
    } else if (back && this.manner === 'stubborn' && this.firmware !== this.old) {
      this.refuse(version, 'rejected');
    } else {
      if (wanted !== this.firmware) this.say({ type: 'progress', seen: version, status: 'installing' });
      this.firmware = wanted;
      this.seen = version;
      this.report();
      if (this.manner === 'fallsback' && !back) {
        setTimeout(() => {
          this.firmware = this.old;
          this.report();
        }, this.fleet.takes);
      }
    }
  }

  /** Said again with every connection until there is another wish: the first may have been lost. */
  refuse(seen, status) {
    this.refusal = { type: 'progress', seen, status, reason: `this one ${this.manner === 'stubborn' ? 'is stubborn' : this.manner}` };
    this.say(this.refusal);
  }
}

/** Many devices. */
export class Fleet {
  constructor({ url, tenant = 'demo', count = 1000, firmware = '1.0', manners = '', seed = 1, takes = 200, token = '' }) {
    Object.assign(this, { url: url.replace(/\/$/, ''), tenant, firmware, takes, token, over: false });
    this.complaints = new Set();
    this.random = seeded(seed);
    this.devices = Array.from({ length: count }, (_, i) => new Device(this, `d${String(i).padStart(4, '0')}`, 'good'));
    this.assign(manners);
  }

  /** Says what is wrong, once. */
  complain(name, why) {
    if (this.over || this.complaints.has(why)) return;
    this.complaints.add(why);
    console.error(`${name}: ${why}`);
  }

  assign(manners) {
    let next = 0;
    for (const word of manners.split(',').filter(Boolean)) {
      const [manner, many] = word.split('=');
      if (!MANNERS.includes(manner) || !/^\d+%?$/.test(many ?? '')) throw new Error(`a manner is one of ${MANNERS} = a number or a share: ${word}`);
      if (many.endsWith('%')) {
        const share = Number(many.slice(0, -1)) / 100;
        this.devices.forEach((device) => {
          if (device.manner === 'good' && this.random() < share) device.manner = manner;
        });
      } else {
        for (const end = next + Number(many); next < end && next < this.devices.length; next++) this.devices[next].manner = manner;
      }
    }
  }

  /** Connects them, some at a time; resolves when all are connected once. */
  async connect(atOnce = 50) {
    for (let i = 0; i < this.devices.length; i += atOnce) {
      const some = this.devices.slice(i, i + atOnce);
      some.forEach((device) => device.connect());
      const deadline = Date.now() + 30_000;
      while (!some.every((device) => device.open)) {
        if (Date.now() > deadline) throw new Error(`devices cannot connect: ${[...this.complaints].join('; ')}`);
        await new Promise((wake) => setTimeout(wake, 20));
      }
    }
  }

  count() {
    const firmware = {};
    let open = 0;
    for (const device of this.devices) {
      firmware[device.firmware] = (firmware[device.firmware] ?? 0) + 1;
      if (device.open) open++;
    }
    return { open, firmware };
  }

  end() {
    this.over = true;
    this.devices.forEach((device) => device.socket?.terminate());
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8420' },
      tenant: { type: 'string', default: 'demo' },
      count: { type: 'string', default: '1000' },
      firmware: { type: 'string', default: '1.0' },
      manners: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      takes: { type: 'string', default: '200' },
      token: { type: 'string', default: '' },
    },
  });
  const fleet = new Fleet({ ...values, count: Number(values.count), seed: Number(values.seed), takes: Number(values.takes) });
  await fleet.connect();
  console.log(JSON.stringify(fleet.count()));
  createInterface({ input: process.stdin }).on('line', () => console.log(JSON.stringify(fleet.count())));
}
