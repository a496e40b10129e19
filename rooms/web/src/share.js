/** The link to this page, put where it can be pasted. */

import { byId, element } from './dom.js';

const SHOWN_MS = 2200;

/** Pages that do not come over HTTPS or from this machine have no clipboard of their own. */
function copyTheOldWay(text) {
  const field = element('textarea', { value: text, readOnly: true, className: 'unseen' });
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return done;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

export function showShare() {
  const label = byId('share-label');
  let timer;
  byId('share').addEventListener('click', async () => {
    const copied = await copy(location.href);
    if (!copied) {
      prompt('Copy this link and send it to whom you like:', location.href);
      return;
    }
    label.textContent = 'Link copied';
    byId('share').classList.add('done');
    clearTimeout(timer);
    timer = setTimeout(() => {
      label.textContent = 'Share';
      byId('share').classList.remove('done');
    }, SHOWN_MS);
  });
  // Read out when it changes, without moving the focus.
  label.setAttribute('role', 'status');
}
