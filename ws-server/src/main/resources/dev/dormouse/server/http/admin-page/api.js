/** Asks the admin port, and says in words what went wrong. */

/** An order may take as long as a call of a room. */
const LIMIT_MS = 40_000;

/** What the server refused, or why there is no answer. `status` is 0 if none came. */
export class Trouble extends Error {
  constructor(status, message, body = {}) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** What proves that a request is this page's; kept where no page of another origin can read it. */
const SESSION = 'dormouse.session';

function secret() {
  try {
    return localStorage.getItem(SESSION) ?? '';
  } catch {
    return '';
  }
}

async function ask(path, { headers = {}, ...options }) {
  let response;
  let text;
  try {
    const own = secret() === '' ? {} : { 'x-dormouse-session': secret() };
    response = await fetch(path, { ...options, headers: { ...headers, ...own }, cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS) });
    text = await response.text();
  } catch (failure) {
    throw new Trouble(0, failure.name === 'TimeoutError' ? 'The server takes too long to answer.' : 'The server cannot be reached. It may have been stopped.');
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Trouble(response.status, `The server answered with ${response.status} and nothing that can be read.`);
  }
  if (!response.ok) throw new Trouble(response.status, inWords(response.status, body), body);
  return body;
}

const HINTS = {
  timeout: 'It may have happened or not; look again before you repeat it.',
  'going-away': 'The server is stopping.',
  overloaded: 'Try again in a moment.',
  'storage-full': 'The disk is full.',
};

function inWords(status, body) {
  const message = typeof body.message === 'string' && body.message !== '' ? body.message : `The server answered with ${status}`;
  const sentence = message[0].toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? '' : '.');
  return HINTS[body.error] ? `${sentence} ${HINTS[body.error]}` : sentence;
}

export const get = (path) => ask(path, { method: 'GET' });

export const post = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Shows the admin token, once for this browser. */
export async function signIn(token) {
  const { secret: mine } = await post('/session', { token });
  localStorage.setItem(SESSION, mine);
}

export const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

const part = encodeURIComponent;

/** Rooms are asked for by id: a name may be one that a browser takes out of an address, such as `..`. */
export const roomPath = (room, verb, actor) => `/rooms/${part(room.namespace)}${verb ? `/${verb}` : ''}${query({ id: room.id, actor })}`;

export const keysPath = (room, values = {}) => `/keys/${part(room.namespace)}${query({ id: room.id, ...values })}`;

export const sqlPath = (room) => `/sql/${part(room.namespace)}${query({ id: room.id })}`;

export const connectionsPath = (room, values = {}) => `/connections/${part(room.namespace)}${query({ id: room.id, ...values })}`;

export const sagaPath = (room, saga, verb) =>
  `/sagas/${part(room.namespace)}/-/${part(saga)}${verb ? `/${verb}` : ''}${query({ id: room.id })}`;

export const groupPath = (queue, group, rest) => `/queues/${part(queue)}/${part(group)}${rest ? `/${rest}` : ''}`;

export const queuePath = (queue, rest) => `/queues/${part(queue)}${rest ? `/-/${rest}` : ''}`;
