/**
 * Asks for a token where the server wants one, and keeps it for this tab’s session only. For every
 * page that the server serves:
 *
 *   import { letIn, protocols, request } from '/access/token.js';
 *
 *   await letIn('/chat/lobby');                        // asks until the server lets this page in
 *   new WebSocket('/chat/lobby', protocols());         // shows the token, if there is one
 *   const answer = await request('/rooms/chat/lobby'); // fetch that shows it too
 */

const KEPT = 'dormouse.token';

/** What the server says by `error`, said to a person. */
const WHY = {
  'no-token': 'This server asks who you are. Show it your token.',
  expired: 'Your token has run out. Show another one to go on.',
  revoked: 'Your token has been revoked. Show another one to go on.',
  'not-yet-valid': 'That token does not count yet.',
  'not-granted': 'That token does not let you in here. Show another one.',
};

/** The token of this tab; empty if there is none. */
export function token() {
  return sessionStorage.getItem(KEPT) ?? '';
}

/** What to offer as sub-protocols of a WebSocket. Nothing without a token. */
export function protocols(spoken = []) {
  const shown = token();
  return shown === '' ? spoken : [...(spoken.length === 0 ? ['dormouse'] : spoken), `dormouse.token.${shown}`];
}

function shown(options) {
  const headers = new Headers(options.headers);
  if (token() !== '') headers.set('authorization', `Bearer ${token()}`);
  return { ...options, headers };
}

/** Why the server did not let somebody in; null if it did, or a room said no by itself. */
async function denial(answer) {
  if (!(answer.headers.get('www-authenticate') ?? '').startsWith('Bearer realm="dormouse"')) return null;
  const said = await answer.clone().json().catch(() => ({}));
  return { error: said.error ?? '', message: said.message ?? 'the server did not let you in' };
}

/** `fetch` with the token. Asks for another one where the server knows nobody by it. */
export async function request(url, options = {}) {
  for (;;) {
    const with_ = token();
    const answer = await fetch(url, shown(options));
    if (answer.status !== 401) return answer;
    const no = await denial(answer);
    if (no === null) return answer;
    // Somebody else of this page may have asked meanwhile.
    if (token() === with_) await ask(no);
  }
}

/**
 * Asks for a token until the server lets this page in to a room, which is not woken. Says what the
 * page may do there, `read`, `write` or `admin`; empty if the server could not be reached or answered
 * something else. A browser does not tell why a WebSocket could not be opened, so this comes before.
 *
 * @param path the room’s, as a WebSocket has it: `/namespace/name`
 */
export async function letIn(path) {
  for (;;) {
    const with_ = token();
    let said;
    try {
      said = await (await fetch(`/access/rooms${path}`, shown({ cache: 'no-store' }))).json();
    } catch {
      return '';
    }
    // Other errors are for whoever connects to find.
    if (said.status !== 401 && said.status !== 403) return said.access ?? '';
    if (token() === with_) await ask(said);
  }
}

// ---- the form

const STYLE = `
.token-dialog { width: min(26rem, calc(100vw - 2rem)); padding: 1.5rem; border: 1px solid var(--line, #8886); border-radius: 1rem;
  background: var(--raised, Canvas); color: var(--ink, CanvasText); font: 400 .9375rem/1.5 var(--ui, system-ui, sans-serif); box-shadow: 0 1rem 3rem #0005; }
.token-dialog::backdrop { background: #0006; }
.token-dialog h2 { margin: 0 0 .625rem; font-size: 1.125rem; font-weight: 600; }
.token-dialog p { margin: 0 0 1rem; color: var(--soft, inherit); overflow-wrap: anywhere; }
.token-dialog p[data-refused] { padding: .625rem .875rem; border-radius: .5rem; background: var(--bad-soft, #b8342622); color: var(--bad, #b83426); }
.token-dialog label { display: grid; gap: .25rem; color: var(--soft, inherit); font-size: .8125rem; }
.token-dialog input { box-sizing: border-box; width: 100%; height: 2.5rem; padding: 0 .75rem; border: 1px solid var(--line, #8886); border-radius: .5rem;
  background: var(--paper, Canvas); color: var(--ink, CanvasText); font: 400 .9375rem var(--code, ui-monospace, monospace); }
.token-dialog small { display: block; margin: .375rem 0 1rem; color: var(--soft, inherit); font-size: .8125rem; }
.token-dialog button { width: 100%; height: 2.5rem; border: 0; border-radius: .5rem; background: var(--accent, #8f5526); color: var(--on-accent, #fff); font: 600 .9375rem var(--ui, system-ui, sans-serif); cursor: pointer; }
.token-dialog button:hover { filter: brightness(1.08); }
.token-dialog :focus-visible { outline: 2px solid var(--accent, #8f5526); outline-offset: 2px; }
`;

/** The answer that is waited for; null while nobody asks. */
let asking = null;

/** Everybody who asks meanwhile gets the same answer. */
function ask(no) {
  asking ??= form(no).finally(() => {
    asking = null;
  });
  return asking;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function form(no) {
  const said = WHY[no.error] ?? `The server did not take that token: ${no.message}.`;
  const why = element('p', { id: 'token-why', textContent: said });
  if (token() !== '') {
    why.dataset.refused = no.error;
    why.role = 'alert';
  }
  const input = element('input', { type: 'password', name: 'token', required: true, autocomplete: 'off', spellcheck: false, autocapitalize: 'none' });
  input.setAttribute('aria-describedby', 'token-why');
  const sheet = element('form', { method: 'dialog' },
    element('h2', { id: 'token-title', textContent: 'Who are you?' }),
    why,
    element('label', {}, 'Token', input),
    element('small', { textContent: 'Whoever runs this server, or the application that belongs to it, gives you one. It is kept until you close this tab.' }),
    element('button', { type: 'submit', textContent: 'Go on' }));
  const dialog = element('dialog', { className: 'token-dialog' }, element('style', { textContent: STYLE }), sheet);
  dialog.setAttribute('aria-labelledby', 'token-title');
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  return new Promise((done) => {
    sheet.addEventListener('submit', (event) => {
      event.preventDefault();
      const given = input.value.trim().replace(/^bearer\s+/i, '');
      // Whatever else it is, it could not be sent.
      if (!/^[A-Za-z0-9._~+/=-]+$/.test(given)) {
        why.textContent = 'That is no token: it has characters in it that no token has.';
        why.dataset.refused = 'malformed';
        why.role = 'alert';
        return;
      }
      sessionStorage.setItem(KEPT, given);
      dialog.remove();
      done();
    });
    // There is nothing behind it to go back to. Browsers close it at a second Escape whatever one says.
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    dialog.addEventListener('close', () => dialog.isConnected && dialog.showModal());
  });
}
