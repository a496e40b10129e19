/**
 * The line to the document's room, and what can be said about it at any moment:
 *
 *   connecting   the first try
 *   catching-up  connected, the difference is on its way
 *   live         connected, and both sides hold the same
 *   retrying     the line was lost a moment ago
 *   offline      this device has no network, or the server has been away for longer
 *   waiting      the server could not store a change of this tab, and is asked again less and less often
 *   stopped      the server said no, and trying again by itself would not help
 */

import { readAuthMessage } from 'y-protocols/auth';
import { WebsocketProvider } from 'y-websocket';

import { asPath } from './names.js';

/** The server's own script, which no bundle holds. */
const TOKENS = '/access/token.js';

const PERMISSION_MESSAGE = 2;
const TRIES_BEFORE_AWAY = 4;
const TRY_LATER = 1013;
const BACK_OFF_MS = 2_500;
const LATER_BACK_OFF_MS = 30_000;

/** Close codes beside 4400–4499 after which the same words would only be refused again. */
const FINAL_CODES = new Map([
  [1002, 'The server did not understand what this page sent. Reloading the page may help.'],
  [1003, 'The server does not take this kind of message. Reloading the page may help.'],
  [1007, 'The server could not read what this page sent. Reloading the page may help.'],
  [1008, 'The server’s rules do not allow this connection.'],
  [1009, 'The last change is larger than the server takes and was not stored. Copy what you need, reload the page, and bring it in smaller pieces.'],
]);

const REFUSALS = new Map([
  [4400, 'The server did not accept the request.'],
  [4401, 'You need to sign in to open this document.'],
  [4403, 'You are not allowed to open this document.'],
  [4404, 'There is no such document here.'],
  [4409, 'The document was opened elsewhere in a way that excludes this one.'],
  [4410, 'This document has been removed.'],
  [4413, 'The document has reached its largest size; the last change was not stored.'],
  [4429, 'Too much came from here in a short time.'],
]);

const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

function isFinal(code) {
  return (code >= 4400 && code < 4500) || FINAL_CODES.has(code);
}

function whyOf(code, reason) {
  const said = reason.trim();
  const known = REFUSALS.get(code) ?? FINAL_CODES.get(code) ?? 'The server closed the connection for good.';
  return said === '' ? `${known} (code ${code})` : `${known} The server says: “${said}” (code ${code})`;
}

function roomsAddress() {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/collab`;
}

/** Whether the server that gave us this page still answers plain requests. */
async function serverAnswers() {
  try {
    const reply = await fetch('icon.svg', { method: 'HEAD', cache: 'no-store' });
    return reply.ok;
  } catch {
    return false;
  }
}

/**
 * Opens the line and keeps it open. `onChange` gets `{ kind, why?, unsent, may, denied }` whenever
 * that changes; `unsent` is true while this tab holds changes the server has not been given, `may` is
 * what may be done with the document (`unknown` until the server was asked, then `read` or `write`),
 * and `denied` is true once a change of this tab was not taken because it may only read.
 */
export function connect(doc, name, onChange) {
  const provider = new WebsocketProvider(roomsAddress(), asPath(name), doc, {
    connect: false,
    // Tabs of one browser go through the room like everybody else: what is seen is stored.
    disableBc: true,
    shouldReconnect: (event) => !isFinal(event.code),
  });

  let stopped = null;
  /** The token that was shown last. */
  let used = '';
  let blocked = false;
  let later = false;
  let unsent = false;
  let may = 'unknown';
  let denied = false;
  let shown = '';

  const state = () => {
    if (stopped !== null) return { kind: 'stopped', why: stopped };
    if (provider.synced) return { kind: 'live' };
    if (later) return { kind: 'waiting' };
    if (provider.wsconnected) return { kind: 'catching-up' };
    if (provider.wsUnsuccessfulReconnects === 0) return { kind: 'connecting' };
    if (navigator.onLine === false || provider.wsUnsuccessfulReconnects >= TRIES_BEFORE_AWAY) {
      return { kind: 'offline', blocked };
    }
    return { kind: 'retrying' };
  };

  // Deferred by a microtask: the provider emits in the middle of changing its own fields.
  const tell = () =>
    queueMicrotask(() => {
      const now = { ...state(), unsent, may, denied };
      const text = JSON.stringify(now);
      if (text === shown) return;
      shown = text;
      onChange(now);
    });

  const stop = (why) => {
    stopped = why;
    tell();
  };

  /** Asks what this page may do, and for a token if the server wants another one. */
  const learn = async () => {
    const { letIn, token } = await import(TOKENS);
    const access = await letIn(`/collab/${asPath(name)}`);
    // Who could not ask keeps what was known; who never could may write until told otherwise.
    if (access !== '') may = access === 'read' ? 'read' : 'write';
    else if (may === 'unknown') may = 'write';
    // What was not taken is offered with the next connection.
    if (may === 'write') denied = false;
    tell();
    return token();
  };

  /** Shows the token that lets this page in from then on. */
  const go = async (refused = null) => {
    const given = await learn();
    // The same token would be refused again, for whatever reason it was.
    if (refused !== null && given === refused) return;
    used = given;
    const { protocols } = await import(TOKENS);
    provider.protocols = protocols();
    stopped = null;
    provider.connect();
    tell();
  };

  let connectedBefore = false;
  provider.on('status', ({ status }) => {
    // The provider came back by itself: the server may have other rules by now.
    if (status === 'connected' && connectedBefore) learn();
    connectedBefore ||= status === 'connected';
    tell();
  });
  provider.on('sync', (synced) => {
    if (synced) {
      unsent = false;
      blocked = false;
      later = false;
      provider.maxBackoffTime = BACK_OFF_MS;
    }
    tell();
  });
  provider.on('connection-close', (event) => {
    if (event?.code === TRY_LATER) {
      later = true;
      unsent = true;
      provider.maxBackoffTime = LATER_BACK_OFF_MS;
    }
    tell();
    if (!provider.wsconnected && provider.wsUnsuccessfulReconnects + 1 === TRIES_BEFORE_AWAY) {
      serverAnswers().then((answers) => {
        blocked = answers && !provider.wsconnected;
        tell();
      });
    }
  });
  provider.on('closed', ({ code, reason }) => {
    stop(whyOf(code, reason));
    if (code === UNAUTHORIZED || code === FORBIDDEN) go(used);
  });
  provider.messageHandlers[PERMISSION_MESSAGE] = (_encoder, decoder) =>
    readAuthMessage(decoder, doc, () => {
      // What is said here by others still arrives.
      may = 'read';
      denied = true;
      tell();
    });

  doc.on('update', (_update, origin) => {
    if (origin !== provider && !provider.wsconnected) {
      unsent = true;
      tell();
    }
  });

  addEventListener('online', tell);
  addEventListener('offline', tell);

  go();
  tell();

  return {
    provider,
    hasUnsent: () => unsent,
    again: () => go(),
  };
}
