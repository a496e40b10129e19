/**
 * What is shown of a booking, in words. Nothing in here touches the page.
 */

/** Amounts in cents. Their last two digits tell the payment service of `e2e/payments` what to do. */
export const MOODS = [
  { amount: 1900, text: 'It goes through' },
  { amount: 1902, text: 'The card is declined' },
  { amount: 1903, text: 'It fails twice, then goes through' },
  { amount: 1904, text: 'It charges, and its answer is lost' },
  { amount: 1905, text: 'It answers when nobody waits any more' },
  { amount: 1906, text: 'It never answers' },
  { amount: 1908, text: 'It takes three seconds: time to cancel' },
];

/** A step: what it is called, who does it, what is said once it is done, undone, refused. */
export const STEPS = {
  reserve: {
    name: 'Set the goods aside',
    note: 'in the room of the shop’s inventory',
    done: 'The goods are set aside',
    undone: 'The goods are back on the shelf',
    refused: 'The inventory refused',
  },
  pay: {
    name: 'Take the payment',
    note: 'by a service outside, over HTTP',
    done: 'The payment was taken',
    undone: 'The payment was given back, if it was taken at all',
    refused: 'The payment was refused',
  },
  ship: {
    name: 'Pack the parcel',
    note: 'in a room of its own',
    done: 'The parcel is packed',
    undone: 'The parcel was recalled',
    refused: 'The parcel was refused',
  },
  sell: {
    name: 'Take the goods out of the stock',
    note: 'must succeed, since they are set aside',
    done: 'The goods left the stock',
    undone: '',
    refused: 'The inventory refused',
  },
};

const step = (name) => STEPS[name] ?? { name, note: '', done: `${name} is done`, undone: `${name} is undone`, refused: `${name} was refused` };

/** Leaves out the class of a failure, which is for programs. */
export const plain = (text) => text.replace(/\b\w+(Exception|Error) /g, '');

const seconds = (millis) => `${Math.max(0, Math.ceil(millis / 1000))} s`;

/** How a step stands: a tone, a sign for its badge, and what is written beside it. */
export function standing(at, now, status) {
  const due = at.next === undefined ? '' : seconds(at.next - now);
  const attempt = at.attempts > 1 ? `, attempt ${at.attempts}` : '';
  switch (at.state) {
    case 'waiting':
      return { tone: '', sign: '', text: status === 'running' || status === '' ? '' : 'not begun' };
    case 'doing':
      return { tone: 'wait', sign: '…', text: `under way${attempt}` };
    case 'retrying':
      return { tone: 'wait', sign: '…', text: `attempt ${at.attempts} failed, the next in ${due}` };
    case 'done':
      return { tone: 'good', sign: '✓', text: at.attempts > 1 ? `done, at attempt ${at.attempts}` : 'done' };
    case 'refused':
      return { tone: 'bad', sign: '✕', text: 'refused' };
    case 'unknown':
      return { tone: 'bad', sign: '?', text: 'nobody knows what became of it' };
    case 'undoing':
      return { tone: 'wait', sign: '↩', text: at.undoAttempts > 1 ? `being taken back, attempt ${at.undoAttempts}` : 'being taken back' };
    case 'undone':
      return { tone: 'back', sign: '↩', text: 'taken back' };
    case 'stuck':
      return { tone: 'bad', sign: '!', text: 'could not be taken back' };
    case 'skipped':
      return { tone: 'bad', sign: '–', text: 'skipped by somebody' };
    case 'left':
      return { tone: 'bad', sign: '–', text: 'left as it is by somebody' };
    default:
      return { tone: '', sign: '', text: at.state };
  }
}

/** One line of the saga’s log, for people. */
export function line(entry) {
  const about = step(entry.step);
  const detail = plain(entry.detail);
  switch (entry.transition) {
    case 'T1':
      return { tone: '', text: 'The booking begins' };
    case 'T2':
      return { tone: 'good', text: about.done };
    case 'T3':
      return { tone: 'good', text: `${about.done}: everything is booked` };
    case 'T4':
      return { tone: 'bad', text: entry.detail === 'settled while going back' ? `${about.name}: answered after all, and is taken back` : `${about.refused}: ${detail}. It goes back` };
    case 'T5':
    case 'T9':
      return { tone: 'wait', text: `${entry.transition === 'T9' ? 'Taking back: ' : ''}${about.name}, ${detail}` };
    case 'T6':
      return { tone: 'bad', text: entry.step ? `${about.name} did not succeed: ${detail}. Nobody knows what became of it, so it is taken back first` : `It goes back: ${detail}` };
    case 'T7':
    case 'T10':
      return { tone: 'bad', text: `${about.name}: ${detail}. Somebody has to look` };
    case 'T8':
      return { tone: '', text: about.undone };
    case 'T11':
      return { tone: 'wait', text: `${about.name}: ${detail}` };
    case 'T13':
    case 'T14':
      return { tone: 'wait', text: detail };
    default:
      return { tone: '', text: entry.step ? `${about.name}: ${detail || entry.what}` : detail || entry.what };
  }
}

/** The whole in a title and a sentence. */
export function outcome(booking) {
  if (booking === undefined) {
    return { tone: 'idle', title: 'Nothing is booked yet', text: 'Four steps, over three rooms and a service outside: all of them happen, or none.' };
  }
  const cause = plain(booking.cause);
  if (booking.paused) return { tone: 'wait', title: 'Paused by somebody', text: 'Nothing new is begun until it is resumed.' };
  switch (booking.status) {
    case 'running':
      return { tone: 'wait', title: 'Being booked', text: booking.cancellable ? 'It can still be cancelled, and then all of it is taken back.' : 'The parcel is packed: from here on it only goes forward.' };
    case 'compensating':
      return { tone: 'wait', title: 'Going back', text: `${sentence(cause)} What was done, or may have been, is taken back, the last of it first.` };
    case 'completed':
      return { tone: 'good', title: 'Booked', text: `Parcel ${booking.parcel?.parcel ?? '?'}, paid with receipt ${booking.receipt ?? '?'}.` };
    case 'compensated':
      return { tone: 'bad', title: 'Not booked', text: `${sentence(cause)} Nothing is charged and nothing set aside. It can be tried again.` };
    default:
      return { tone: 'bad', title: 'Somebody has to look', text: `${sentence(cause)} It is not given up: it is tried again now and then, and waits for somebody to decide.` };
  }
}

function sentence(text) {
  if (text === '') return '';
  const first = STEPS[text.split(' ')[0]];
  const said = first === undefined ? text[0].toUpperCase() + text.slice(1) : `“${first.name}”${text.slice(text.indexOf(' '))}`;
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
