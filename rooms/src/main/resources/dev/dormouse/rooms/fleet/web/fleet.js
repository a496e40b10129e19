/** A tenant's devices and rollouts, or one rollout, live. */

import { letIn, protocols, request } from '/access/token.js';

const address = new URLSearchParams(location.search);
const tenant = address.get('tenant') ?? 'demo';
const name = address.get('rollout');

const WORDS = { w: 'waiting', u: 'updating', c: 'confirmed', d: 'updated', t: 'tried again', b: 'going back', r: 'back', s: 'stuck' };
const GATES = { waiting: 'waits for its turn', shut: 'gate shut', open: 'gate open', broken: 'failed' };
const TONES = {
  'waiting for approval': 'wait', finished: 'good', 'finished with errors': 'wait', canceled: 'wait', compensated: 'wait',
  'compensated with failures': 'bad', 'rolling back': 'bad', cancelling: 'wait',
};
const AGAIN_MS = [500, 1000, 2000, 5000];

const at = (id) => document.getElementById(id);

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function room(namespace, ...path) {
  const [room, ...below] = path;
  const end = below.length === 0 ? '' : `/-/${below.join('/')}`;
  return `/rooms/${namespace}/${room.split('/').map(encodeURIComponent).join('/')}${end}`;
}

async function ask(url, options = {}) {
  const answer = await request(url, options);
  const text = await answer.text();
  if (!answer.ok) {
    let said = text;
    try {
      said = JSON.parse(text).message ?? text;
    } catch {
      // Not JSON: shown as it is.
    }
    throw new Error(said);
  }
  return JSON.parse(text);
}

function complain(message) {
  at('problem').textContent = message;
  at('problem').hidden = message === '';
}

// ---- a tenant

async function overview() {
  at('overview').hidden = false;
  at('tenant').textContent = tenant;
  document.title = `${tenant} · Fleet · Dormouse`;
  at('title').textContent = 'Fleet';
  await letIn(`/fleet/${encodeURIComponent(tenant)}`);
  await look();
  setInterval(look, 2000);
  at('make').addEventListener('submit', make);
}

async function look() {
  const fleet = await ask(room('fleet', tenant));
  at('totals').textContent = `${fleet.devices} devices, ${fleet.online} connected`;
  at('versions').replaceChildren(
    ...Object.entries(fleet.firmware).map(([version, count]) =>
      element('li', '', element('span', version), element('b', String(count)))));
  const rollouts = Object.entries(fleet.rollouts);
  at('no-rollouts').hidden = rollouts.length > 0;
  at('rollouts').replaceChildren(
    ...rollouts.map(([each, status]) => {
      const link = element('a', '', element('span', each), element('span', status));
      link.href = here(each);
      return element('li', '', link);
    }));
}

function here(rollout) {
  return `?${new URLSearchParams({ tenant, rollout })}`;
}

async function make(event) {
  event.preventDefault();
  const said = Object.fromEntries(new FormData(at('make')));
  const wish = {
    firmware: said.firmware,
    groups: [{ count: Number(said.canary) }, { percent: Number(said.percent) }],
    soak: `PT${Number(said.soak)}S`,
    failure: Number(said.failure) / 100,
    success: 1 - Number(said.failure) / 100,
  };
  if (Number(said.retries) > 0) wish.retries = Number(said.retries);
  if (said.approval) {
    // The last group is named as well, or nobody would be asked before it.
    wish.groups[1].approval = true;
    if (wish.groups[1].percent < 100) wish.groups.push({ percent: 100, approval: true });
  }
  try {
    await ask(room('rollout', `${tenant}/${said.name}`), { method: 'PUT', body: JSON.stringify(wish) });
    location.href = here(said.name);
  } catch (error) {
    at('make').querySelector('h2').textContent = error.message;
  }
}

// ---- a rollout

const cells = [];
let devices = [];
let states = [];

function show(frame) {
  switch (frame.type) {
    case 'all':
      devices = frame.devices;
      states = [...frame.states];
      draw(frame.summary, frame.why);
      at('log').replaceChildren();
      frame.log.forEach(line);
      summary(frame.summary);
      break;
    case 'device':
      states[frame.index] = frame.state;
      paint(frame.index, frame.why ?? '');
      later();
      break;
    case 'summary':
      summary(frame);
      break;
    case 'log':
      line(frame.line);
      break;
    default:
      // A newer server's; nothing that this page shows.
  }
}

function draw(rollout, why) {
  cells.length = 0;
  const groups = rollout.groups.map((group, number) => {
    const grid = element('div');
    grid.className = 'grid';
    for (let i = 0; i < group.size; i++) {
      const cell = element('i');
      cells.push(cell);
      grid.append(cell);
    }
    const gate = element('span');
    gate.className = 'gate';
    const card = element('section', '', element('h2', '', element('span', `Group ${number + 1}`), gate), element('p'), grid);
    card.className = 'card group';
    return card;
  });
  at('groups').replaceChildren(...groups);
  states.forEach((_, index) => paint(index, why[index] ?? ''));
}

function paint(index, why) {
  const cell = cells[index];
  cell.dataset.s = states[index];
  cell.title = `${devices[index]}: ${WORDS[states[index]]}${why ? ` (${why})` : ''}`;
}

let counting = false;

/** Many devices change at once: they are counted together. */
function later() {
  if (!counting) {
    counting = true;
    requestAnimationFrame(() => {
      counting = false;
      count();
    });
  }
}

function count() {
  const counts = {};
  states.forEach((state) => {
    counts[state] = (counts[state] ?? 0) + 1;
  });
  at('counts').replaceChildren(
    ...Object.entries(WORDS).map(([letter, word]) => {
      const swatch = element('span');
      swatch.className = 'swatch';
      swatch.dataset.s = letter;
      const item = element('li', '', swatch, element('b', String(counts[letter] ?? 0)), element('span', word));
      item.dataset.state = word;
      return item;
    }));
}

function summary(rollout) {
  const status = rollout.paused ? 'paused' : rollout.status;
  at('outcome-title').textContent = status[0].toUpperCase() + status.slice(1);
  at('outcome-text').textContent = rollout.why
    || (rollout.group < 0 ? 'No group has begun.' : `Group ${rollout.group + 1} of ${rollout.groups.length}.`);
  const waits = rollout.status === 'waiting for approval';
  at('approve').hidden = !waits || rollout.paused;
  at('approve-button').textContent = `Approve group ${rollout.group + 2}`;
  at('approve').dataset.group = String(rollout.group + 2);
  if (waits && !rollout.why) {
    at('outcome-text').textContent = `Group ${rollout.group + 2} of ${rollout.groups.length} begins when somebody approves.`;
  }
  at('outcome').dataset.tone = rollout.paused ? 'wait' : (TONES[rollout.status] ?? 'idle');
  const open = !rollout.over && ['scheduled', 'running', 'waiting for approval'].includes(rollout.status);
  at('pause').disabled = rollout.over || rollout.paused || rollout.status.startsWith('settling');
  at('resume').disabled = !rollout.paused;
  at('cancel').disabled = !open;
  at('rollback').disabled = !open && rollout.status !== 'cancelling';
  [...at('groups').children].forEach((card, number) => {
    const group = rollout.groups[number];
    const gate = card.querySelector('.gate');
    gate.dataset.gate = group.gate;
    gate.textContent = GATES[group.gate] ?? group.gate;
    const next = waits && number === rollout.group + 1;
    if (next) {
      gate.dataset.gate = 'shut';
      gate.textContent = 'waits for approval';
    } else if (group.approval === 'needed' && group.gate === 'waiting') {
      gate.textContent = 'waits for its turn, and then for approval';
    }
    const approved = group.approval === 'given' ? `; approved by ${group.approvedBy}${group.note ? `: ${group.note}` : ''}` : '';
    const needed = `${group.succeeded} of ${group.size} succeeded, ${group.needed} needed`;
    card.querySelector('p').textContent =
      `${needed}; ${group.failed} failed, ${group.unreached} not reached${group.states.retrying ? `, ${group.states.retrying} tried again` : ''}${group.forgiven ? '; forgiven' : ''}${approved}`;
  });
  at('stuck-card').hidden = rollout.stuck.length === 0;
  at('stuck').replaceChildren(
    ...rollout.stuck.map((each) => element('li', '', element('b', each.device), element('span', each.why))));
  count();
}

function line(said) {
  const time = element('time', new Date(said.at).toLocaleTimeString([], { hour12: false }));
  at('log').prepend(element('li', '', time, element('span', said.text)));
  while (at('log').children.length > 200) {
    at('log').lastChild.remove();
  }
}

let attempts = 0;

async function connect() {
  const path = `${encodeURIComponent(tenant)}/${encodeURIComponent(name)}`;
  // Where it may not connect a browser does not say why: so it is asked for before.
  await letIn(`/rollout/${path}`);
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/rollout/${path}`, protocols());
  socket.addEventListener('open', () => {
    attempts = 0;
    tell('live', 'Live');
  });
  socket.addEventListener('message', (event) => show(JSON.parse(event.data)));
  socket.addEventListener('close', () => {
    tell('connecting', 'Connecting…');
    setTimeout(connect, AGAIN_MS[Math.min(attempts++, AGAIN_MS.length - 1)]);
  });
}

function tell(state, text) {
  at('connection').dataset.state = state;
  at('connection-text').textContent = text;
}

async function verb(which) {
  try {
    await ask(`${room('rollout', `${tenant}/${name}`, which)}?by=page`, { method: 'POST' });
    complain('');
  } catch (error) {
    complain(error.message);
  }
}

const WHO = 'dormouse.fleet.who';

async function approve(event) {
  event.preventDefault();
  const said = new URLSearchParams(new FormData(at('approve')));
  said.set('group', at('approve').dataset.group);
  localStorage.setItem(WHO, said.get('by'));
  try {
    await ask(`${room('rollout', `${tenant}/${name}`, 'approve')}?${said}`, { method: 'POST' });
    at('approve').elements.note.value = '';
    complain('');
  } catch (error) {
    complain(error.message);
  }
}

function rollout() {
  at('approve').elements.by.value = localStorage.getItem(WHO) ?? '';
  at('approve').addEventListener('submit', approve);
  at('rollout').hidden = false;
  at('verbs').hidden = false;
  at('connection').hidden = false;
  at('home').href = `?${new URLSearchParams({ tenant })}`;
  at('title').textContent = `${tenant} / ${name}`;
  document.title = `${name} · Fleet · Dormouse`;
  for (const which of ['pause', 'resume', 'cancel', 'rollback', 'retry']) {
    at(which).addEventListener('click', () => verb(which));
  }
  connect();
}

if (name === null) {
  overview().catch((error) => {
    at('totals').textContent = error.message;
  });
} else {
  rollout();
}
