/** The words in which things are told: states, times, sizes. */

/** Each status of a saga: a tone, which is a colour, a mark for who sees none, and words. */
export const STATUS = {
  PARKED_FORWARD: { tone: 'bad', mark: '!', words: 'parked on the way forward', short: 'parked forward' },
  PARKED_BACKWARD: { tone: 'bad', mark: '!', words: 'parked on the way back', short: 'parked back' },
  COMPENSATING: { tone: 'back', mark: '↩', words: 'going back', short: 'going back' },
  RUNNING: { tone: 'busy', mark: '▸', words: 'running', short: 'running' },
  COMPLETED: { tone: 'good', mark: '✓', words: 'completed', short: 'completed' },
  COMPENSATED: { tone: 'quiet', mark: '⟲', words: 'undone', short: 'undone' },
};

export const statusOf = (status) => STATUS[status] ?? { tone: 'quiet', mark: '?', words: String(status), short: String(status) };

const attempt = (number, most) => (number > 0 ? `, attempt ${number}${most ? ` of ${most}` : ''}` : '');

/** How a step stands, as tone, mark and words. */
export function stepState(step) {
  switch (step.undo) {
    case 'STARTED': return { tone: 'back', mark: '↩', words: `undo sent${attempt(step.undoAttempt, step.undoAttempts)}` };
    case 'BACKING_OFF': return { tone: 'back', mark: '↩', words: `undo failed, waits to try again${attempt(step.undoAttempt, step.undoAttempts)}` };
    case 'UNDONE': return { tone: 'quiet', mark: '⟲', words: 'undone' };
    case 'FAILED': return { tone: 'bad', mark: '!', words: 'undo failed' };
    case 'SKIPPED': return { tone: 'warn', mark: '»', words: 'left standing' };
    default:
  }
  switch (step.act) {
    case 'PENDING': return { tone: 'idle', mark: '·', words: 'not begun' };
    case 'STARTED': return { tone: 'busy', mark: '▸', words: `sent${attempt(step.attempt, step.attempts)}` };
    case 'BACKING_OFF': return { tone: 'warn', mark: '↻', words: `failed, waits to try again${attempt(step.attempt, step.attempts)}` };
    case 'DONE': return { tone: 'good', mark: '✓', words: 'done' };
    case 'REFUSED': return { tone: 'bad', mark: '✕', words: 'refused' };
    case 'UNKNOWN': return { tone: 'bad', mark: '?', words: 'no answer: may have been done' };
    case 'SKIPPED': return { tone: 'warn', mark: '»', words: 'skipped' };
    default: return { tone: 'quiet', mark: '?', words: String(step.act) };
  }
}

export const KINDS = {
  COMPENSATABLE: 'can be undone',
  NO_UNDO: 'leaves nothing to undo',
  PIVOT: 'pivot: no way back after it',
  RETRIABLE: 'must succeed in the end',
};

export const MESSAGE_STATES = {
  READY: { tone: 'busy', mark: '·', words: 'ready' },
  DELAYED: { tone: 'warn', mark: '↻', words: 'delayed' },
  LEASED: { tone: 'busy', mark: '▸', words: 'leased' },
  DEAD: { tone: 'bad', mark: '!', words: 'given up' },
};

export const count = (number) => Number(number).toLocaleString('en');

export const many = (number, one, several = `${one}s`) => `${count(number)} ${number === 1 ? one : several}`;

/** A length of time: the two largest units. */
export function span(millis) {
  const total = Math.max(0, Math.round(millis / 1000));
  if (total < 1) return 'under 1 s';
  const units = [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]];
  const first = units.findIndex(([, size]) => total >= size);
  const [name, size] = units[first];
  const rest = units[first + 1];
  const left = rest ? Math.floor((total % size) / rest[1]) : 0;
  return `${Math.floor(total / size)} ${name}${left > 0 ? ` ${left} ${rest[0]}` : ''}`;
}

/** How long ago, or in how long. */
export function when(text, now = Date.now()) {
  const millis = Date.parse(text) - now;
  if (Number.isNaN(millis)) return '';
  return millis > 0 ? `in ${span(millis)}` : `${span(-millis)} ago`;
}

/** The same as a date and a time of this place. */
export function exactly(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return '';
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(date)}`;
}

export const clock = (date) => date.toLocaleTimeString('en-GB');

export function size(bytes) {
  if (bytes < 1024) return many(bytes, 'byte');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export const roomName = (room) => (room.name === undefined ? `${room.id.slice(0, 12)}… (no name)` : room.name);

/** How much a room has stored, beside what it may have. */
export const stored = ({ bytes, keys, mostBytes, mostKeys }) =>
  mostBytes === undefined ? `${size(bytes)}, ${many(keys, 'key')}` : `${size(bytes)} of ${size(mostBytes)}, ${count(keys)} of ${count(mostKeys)} keys`;
