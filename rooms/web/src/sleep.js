/**
 * Whether the document’s room is asleep, and for how long: asked of the server every two seconds
 * while somebody can see it, which does not wake the room. Says nothing rather than something wrong:
 * not without a line, not after an answer that is missing or makes no sense.
 */

import { byId } from './dom.js';
import { asPath } from './names.js';

const ASK_MS = 2_000;
/** A change and the question after it go different ways: the question may be there first. */
const AGAIN_MS = 250;
const PATIENCE_MS = 5_000;

const MEANINGS = {
  asleep:
    'The room has left the server’s memory; everybody stays connected, and cursors still move. The next change wakes it.',
  awake: 'The room is in the server’s memory. It falls asleep when nobody has changed anything for a while.',
};

/** `{ state, sinceMs? }` out of what the server said, or null if that is not understood. */
export function understood(said) {
  if (said?.state !== 'asleep' && said?.state !== 'awake') return null;
  const sinceMs = typeof said.since === 'string' ? Date.parse(said.since) : NaN;
  return Number.isNaN(sinceMs) ? { state: said.state } : { state: said.state, sinceMs };
}

/** A length of time in its largest unit, whole and never less than nothing. */
export function howLong(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The words for the status line; `forMs` is how long it has been so, if that is known. */
export function words(state, forMs) {
  return state === 'awake' || forMs === undefined ? `room ${state}` : `room asleep for ${howLong(forMs)}`;
}

export function showSleep(name, doc, provider) {
  const place = byId('room');
  let known = null;
  let asking = false;
  let silenced = false;
  let timer = null;
  let soon = false;

  const visible = () => document.visibilityState === 'visible';
  const wanted = () => !silenced && visible() && provider.wsconnected && navigator.onLine !== false;

  const show = () => {
    place.hidden = known === null;
    if (known === null) return;
    const forMs = known.ageMs === undefined ? undefined : known.ageMs + performance.now() - known.at;
    place.dataset.state = known.state;
    place.textContent = words(known.state, forMs);
    const since = known.sinceMs === undefined ? '' : ` It has been ${known.state} since ${new Date(known.sinceMs).toLocaleTimeString()}.`;
    const title = MEANINGS[known.state] + since;
    if (place.title !== title) place.title = title;
  };

  /** By the server’s clock where it tells the time: this device’s may be wrong. */
  const noted = (status, reply) => {
    if (status === null) return null;
    const now = Date.parse(reply.headers.get('date') ?? '') || Date.now();
    return { ...status, at: performance.now(), ageMs: status.sinceMs === undefined ? undefined : now - status.sinceMs };
  };

  const answer = async () => {
    try {
      const { request } = await import('/access/token.js');
      const reply = await request(`/status/collab/${asPath(name)}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      // A server that does not tell will not tell in two seconds either.
      silenced = reply.status === 403 || reply.status === 404;
      return reply.ok ? noted(understood(await reply.json()), reply) : null;
    } catch {
      return null;
    }
  };

  const ask = async () => {
    clearTimeout(timer);
    if (asking) return;
    if (!wanted()) {
      known = null;
      show();
      return;
    }
    asking = true;
    const said = await answer();
    asking = false;
    known = wanted() ? said : null;
    show();
    timer = setTimeout(ask, soon ? AGAIN_MS : ASK_MS);
    soon = false;
  };

  doc.on('update', (_update, origin) => {
    if (origin === provider || known?.state !== 'asleep') return;
    soon = true;
    ask();
  });
  provider.on('status', ask);
  document.addEventListener('visibilitychange', ask);
  setInterval(() => {
    if (visible()) show();
  }, 1_000);
  ask();
}
