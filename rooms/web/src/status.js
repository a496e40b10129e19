/** The status line, and the notice above the text when something needs a person. */

import { byId } from './dom.js';

const KEPT = 'Your changes are kept in this tab and sent when the line is back.';

function words({ kind, unsent, may }) {
  switch (kind) {
    case 'connecting':
      return 'Connecting…';
    case 'catching-up':
      return 'Catching up…';
    case 'live':
      return 'Connected';
    case 'retrying':
      return 'Reconnecting…';
    case 'offline':
      if (may === 'read') return 'Offline';
      return unsent ? `Offline. ${KEPT}` : 'Offline. You can go on writing.';
    case 'waiting':
      return 'Not stored yet';
    case 'stopped':
      return 'Disconnected';
    default:
      throw new Error(`no words for the state ${kind}`);
  }
}

export function showConnection(state) {
  byId('connection').dataset.state = state.kind;
  byId('connection-text').textContent = words(state);
  byId('reading').hidden = state.may !== 'read';
}

/** Shows the notice with at most one thing to do about it. */
export function showNotice(title, text, action) {
  byId('notice-title').textContent = title;
  byId('notice-text').textContent = text;
  const button = byId('notice-action');
  button.textContent = action?.label ?? '';
  button.hidden = action === undefined;
  button.onclick = action?.run ?? null;
  byId('notice').hidden = false;
}

export function hideNotice() {
  byId('notice').hidden = true;
}

/** Words are runs of letters and digits; an apostrophe or a dash inside joins them. */
export function showWords(text) {
  const count = text.match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu)?.length ?? 0;
  byId('words').textContent = count === 1 ? '1 word' : `${count.toLocaleString('en')} words`;
}
