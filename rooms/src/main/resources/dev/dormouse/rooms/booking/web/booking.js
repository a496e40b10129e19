/**
 * An order, live: what the room of this order tells is shown, and what is clicked is asked of it.
 * Two windows at the same address see the same.
 */

import { letIn, protocols, request } from '/access/token.js';

import { MOODS, STEPS, line, outcome, plain, standing } from './words.js';

const SHOP = 'demo';
const SKU = 'cup-blue';
const STOCKED = 200;

const $ = (id) => document.getElementById(id);
const order = orderName();

/** What the room has told: the booking without its lines, and all lines of it by number. */
let booking;
let lines = new Map();
/** How far the room’s clock is ahead of ours, in milliseconds. */
let ahead = 0;
let room;
/** What the steps show, so that they are drawn again only when it is different. */
let shown = '';

function orderName() {
  const address = new URL(location.href);
  let name = address.searchParams.get('order');
  if (!name) {
    name = Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => byte.toString(36).padStart(2, '0')).join('');
    address.searchParams.set('order', name);
    history.replaceState(null, '', address);
  }
  return name;
}

// ---- what the room tells

function told(frame) {
  switch (frame.type) {
    case 'state':
      ahead = frame.now - Date.now();
      lines = new Map();
      take(frame.booking);
      break;
    case 'news':
      ahead = frame.now - Date.now();
      if (frame.booking.id !== booking?.id) lines = new Map();
      take(frame.booking);
      break;
    case 'error':
      problem(frame.message);
      break;
  }
}

function take(next) {
  booking = next;
  const first = next?.lines[0]?.n ?? 1;
  if (first > 1 && !lines.has(first - 1) && lines.size > 0) say({ type: 'state' });
  for (const entry of next?.lines ?? []) lines.set(entry.n, entry);
  show();
}

function connect(path, hear, state) {
  const protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  let wait = 500;
  const socket = { current: undefined };
  const open = async () => {
    // Where it may not connect a browser does not say why: so it is asked for before.
    await letIn(path.split('?', 1)[0]);
    const line = new WebSocket(`${protocol}//${location.host}${path}`, protocols());
    socket.current = line;
    line.onopen = () => {
      wait = 500;
      state('live');
    };
    line.onmessage = (event) => hear(JSON.parse(event.data));
    line.onclose = () => {
      state('connecting');
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 10_000);
    };
  };
  open();
  return socket;
}

function say(what) {
  if (room.current?.readyState === WebSocket.OPEN) room.current.send(JSON.stringify(what));
}

// ---- what is shown

function show() {
  const how = outcome(booking);
  $('outcome').dataset.tone = how.tone;
  $('outcome-title').textContent = how.title;
  $('outcome-text').textContent = how.text;
  $('no-payments').hidden = booking === undefined || booking.payable;
  showSteps();
  showLines();
  showButtons();
}

function showButtons() {
  const live = room?.current?.readyState === WebSocket.OPEN;
  const free = booking === undefined || booking.status === 'compensated';
  $('book').disabled = !live || !free;
  $('book').textContent = booking?.status === 'compensated' ? 'Try again' : 'Book';
  $('cancel').disabled = !live || !booking?.cancellable;
}

function showSteps() {
  const now = Date.now() + ahead;
  const known = booking?.steps ?? Object.keys(STEPS).map((name) => ({ name, state: 'waiting', attempts: 0, undoAttempts: 0, error: '' }));
  const hows = known.map((at) => standing(at, now, booking?.status ?? ''));
  const next = JSON.stringify([hows, known.map((at) => at.error)]);
  if (next === shown) return;
  shown = next;
  const items = known.flatMap((at, index) => {
    const how = hows[index];
    const words = STEPS[at.name] ?? { name: at.name, note: '' };
    const item = element('li', 'step');
    item.dataset.tone = how.tone;
    item.dataset.step = at.name;
    item.dataset.state = at.state;
    const note = element('span', 'step-note', words.note);
    if (at.error !== '' && at.state !== 'done') note.append(element('span', 'error', plain(at.error)));
    item.append(element('span', 'badge', how.sign || String(index + 1)), element('span', 'step-name', words.name), element('span', 'step-state', how.text), note);
    return at.name === 'ship' ? [item, element('li', 'return', 'no way back from here')] : [item];
  });
  $('steps').replaceChildren(...items);
}

function showLines() {
  const list = $('lines');
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  const items = [...lines.values()]
    .sort((a, b) => a.n - b.n)
    .map((entry) => {
      const how = line(entry);
      const item = element('li');
      item.dataset.tone = how.tone;
      const time = element('time', '', clock(entry.at));
      time.dateTime = new Date(entry.at).toISOString();
      const text = element('span', '', how.text);
      text.title = `${entry.transition}: ${entry.what}`;
      item.append(time, element('i'), text);
      return item;
    });
  list.replaceChildren(...(items.length > 0 ? items : [element('li', 'none', 'Nothing yet.')]));
  if (atEnd) list.scrollTop = list.scrollHeight;
  $('tries').textContent = booking === undefined ? '' : `· ${booking.id}`;
}

function clock(millis) {
  const time = new Date(millis);
  return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function element(name, className = '', text = '') {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  return made;
}

function problem(message) {
  $('problem').textContent = message;
  $('problem').hidden = message === '';
}

// ---- the stock

function stock({ onHand, reserved, available }) {
  const whole = Math.max(onHand, 1);
  $('stock-free').style.width = `${(100 * available) / whole}%`;
  $('stock-held').style.width = `${(100 * reserved) / whole}%`;
  $('stock-available').textContent = available;
  $('stock-reserved').textContent = reserved;
  $('stock-bar').setAttribute('aria-label', `${available} available, ${reserved} set aside`);
}

/** A shop that was never open gets some cups, so that there is something to book. */
async function fill() {
  const answer = await request(`/rooms/inventory/${SHOP}/-/stock/${SKU}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ onHand: STOCKED }),
  });
  if (!answer.ok) problem(`The shop could not be filled: ${answer.status}`);
}

function stockTold(frame) {
  if (frame.type === 'stock' && frame.stock.length === 0) fill();
  if (frame.type === 'stock' && frame.stock.length > 0) stock(frame.stock[0]);
  if (frame.type === 'change') stock(frame.stock);
}

// ---- what is clicked

function moods() {
  for (const mood of MOODS) {
    const label = element('label', 'mood');
    const input = element('input');
    input.type = 'radio';
    input.name = 'amount';
    input.value = String(mood.amount);
    input.checked = mood === MOODS[0];
    label.append(input, element('span', '', mood.text), element('b', '', (mood.amount / 100).toFixed(2)));
    $('moods').append(label);
  }
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  problem('');
  const amount = Number(new FormData($('form')).get('amount'));
  // A click that is sent twice books once: the id is the same until the room has answered.
  const id = `try-${Number(booking?.id.match(/(\d+)$/)?.[1] ?? 0) + 1}`;
  say({ type: 'book', id, shop: SHOP, items: [{ sku: SKU, quantity: Number($('quantity').value) }], amount, currency: 'EUR', to: 'Hedge 1, Underwood' });
});
$('cancel').addEventListener('click', () => {
  problem('');
  say({ type: 'cancel', id: booking.id });
});
$('share').addEventListener('click', async () => {
  await navigator.clipboard.writeText(location.href);
  $('share').textContent = 'Copied';
  setTimeout(() => ($('share').textContent = 'Copy link'), 1500);
});

$('order-name').textContent = order;
document.title = `Order ${order} · Dormouse`;
moods();
room = connect(`/booking/${encodeURIComponent(order)}`, told, (state) => {
  $('connection').dataset.state = state;
  $('connection-text').textContent = state === 'live' ? 'Live' : 'Connecting…';
  showButtons();
});
connect(`/inventory/${SHOP}?sku=${SKU}`, stockTold, () => {});
show();
setInterval(showSteps, 500);
