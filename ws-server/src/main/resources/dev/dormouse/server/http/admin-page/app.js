/** The page: which view is shown, and keeping it up to date without taking anything out of one's hands. */

import * as definitions from './definitions.js';
import { h, show } from './dom.js';
import * as group from './group.js';
import { asking, askToken } from './login.js';
import * as overview from './overview.js';
import * as queues from './queues.js';
import * as room from './room.js';
import * as rooms from './rooms.js';
import * as saga from './saga.js';
import * as sagas from './sagas.js';
import { clock } from './words.js';

const EVERY_MS = 3_000;
const TYPING_MS = 250;

const main = document.getElementById('main');
const pulse = document.getElementById('pulse');
const pulseWords = document.getElementById('pulse-words');
const trouble = document.getElementById('trouble');

/** The number of the question whose answer may be shown; one that comes later than its successor is dropped. */
let asked = 0;
let timer = 0;
let typing = 0;
let shown = null; // { hash, view, data, route }
let last = null; // when an answer came last

/** Finds the view of an address such as `#/sagas?status=parked`. */
function route(hash) {
  const [path, search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  let parts;
  try {
    parts = path.split('/').filter((part) => part !== '').map(decodeURIComponent);
  } catch {
    return { name: '', view: null, path: [], values: {} };
  }
  const [name = 'overview', ...rest] = parts;
  return { name: name === 'definitions' ? 'sagas' : name, view: viewOf(name, rest.length), path: rest, values: Object.fromEntries(new URLSearchParams(search)) };
}

function viewOf(name, parts) {
  switch (`${name}/${parts}`) {
    case 'overview/0': return overview;
    case 'sagas/0': return sagas;
    case 'sagas/3': return saga;
    case 'definitions/0': return definitions;
    case 'queues/0': return queues;
    case 'queues/1':
    case 'queues/2': return group;
    case 'rooms/0': return rooms;
    // A name may have slashes in it.
    default: return name === 'rooms' && parts >= 2 ? room : null;
  }
}

const page = {
  /** Goes to another address; while one types only the last counts, and Back does not stop at each letter. */
  go(hash, whileTyping = false) {
    clearTimeout(typing);
    if (!whileTyping) {
      location.hash = hash;
      return;
    }
    typing = setTimeout(() => {
      history.replaceState(null, '', hash);
      refresh();
    }, TYPING_MS);
  },
  refresh: () => refresh(),
  get width() {
    return main.clientWidth - Number.parseFloat(getComputedStyle(main).paddingLeft) - Number.parseFloat(getComputedStyle(main).paddingRight) - 2;
  },
};

function draw() {
  const { view, data, route: where } = shown;
  document.title = `${view.title(data, where)} · Dormouse inspector`;
  show(main, view.draw(data, where, page).flat().filter((node) => node !== null && node !== undefined && node !== false));
}

/** Asks for what is shown, and shows it. */
async function refresh() {
  clearTimeout(timer);
  const number = ++asked;
  const hash = location.hash;
  const where = route(hash);
  let over = false;
  try {
    if (where.view === null) {
      shown = null;
      show(main, [h('h1', null, 'Nothing here'), h('p', null, 'There is no such page. ', h('a', { href: '#/' }, 'To the overview'))]);
      tellPulse('live', '');
      return;
    }
    const data = await where.view.load(where);
    if (number !== asked) return;
    shown = { view: where.view, data, route: where };
    last = new Date();
    trouble.hidden = true;
    tellPulse('live', `as of ${clock(last)}`);
    draw();
  } catch (failure) {
    if (number !== asked) return;
    failed(failure, where);
    // It would say the same for ever.
    over = failure.status === 400;
  } finally {
    if (number === asked && !over) timer = setTimeout(again, EVERY_MS);
  }
}

function failed(failure, where) {
  if (failure.status === 401) {
    shown = null;
    trouble.hidden = true;
    tellPulse('lost', 'asks who you are');
    askToken(main, refresh);
    return;
  }
  if (failure.status === 400) {
    shown = null;
    trouble.hidden = true;
    tellPulse('lost', 'asks no more');
    show(main, [h('h1', null, 'There is no such address'), h('p', { class: 'banner bad', role: 'alert' }, failure.message), h('p', null, h('a', { href: '#/' }, 'To the overview'))]);
    return;
  }
  tellPulse('lost', last === null ? 'no answer yet' : `as of ${clock(last)}`);
  trouble.textContent = failure.message;
  trouble.hidden = false;
  if (failure.status === undefined) console.error(failure);
  // What is there stays, if it is what was asked for: old is better than nothing.
  if (shown === null || JSON.stringify(shown.route.path) !== JSON.stringify(where.path) || shown.view !== where.view) {
    shown = null;
    show(main, [h('h1', null, failure.status === 404 ? 'Not there' : 'No answer'), h('p', null, failure.status === 404 ? 'Either it never was, or it has been forgotten since.' : 'The page goes on asking.')]);
  }
}

function tellPulse(state, words) {
  pulse.dataset.state = state;
  pulseWords.textContent = words;
}

/** Nobody looks: nobody asks. Nor while somebody marks text, which a change might take away. */
function again() {
  const selection = document.getSelection();
  const marking = selection !== null && !selection.isCollapsed && main.contains(selection.anchorNode);
  if (document.hidden || marking || asking(main)) timer = setTimeout(again, EVERY_MS);
  else refresh();
}

function arrive() {
  clearTimeout(typing);
  const { name } = route(location.hash);
  for (const link of document.querySelectorAll('#views a')) {
    if (link.dataset.view === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  refresh();
}

addEventListener('hashchange', (event) => {
  const path = (url) => new URL(url).hash.split('?')[0];
  if (location.hash === '#main') return history.replaceState(null, '', new URL(event.oldURL).hash || '#/'), main.focus();
  if (path(event.oldURL) !== path(event.newURL)) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  arrive();
});
addEventListener('resize', () => shown !== null && draw());
document.addEventListener('visibilitychange', () => !document.hidden && refresh());

addEventListener('keydown', (event) => {
  const busy = event.target.closest?.('input, select, textarea, dialog') || document.querySelector('dialog[open]');
  if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
  const link = document.querySelector(`#views a[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
  if (link) {
    location.hash = link.hash;
  } else if (event.key === '/') {
    const field = main.querySelector('input[type=search]');
    if (field === null) return;
    field.focus();
    field.select();
  } else {
    return;
  }
  event.preventDefault();
});

arrive();
