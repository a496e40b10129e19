/** Asks before something is done: says what will happen, and who wants it. */

import { h, show } from './dom.js';

const dialog = document.getElementById('dialog');
const toast = document.getElementById('toast');
const ACTOR = 'dormouse.actor';
let hiding = 0;

/** Who has last said who they are; empty if nobody has. */
export function remembered() {
  try {
    return localStorage.getItem(ACTOR) ?? '';
  } catch {
    return '';
  }
}

function remember(actor) {
  try {
    localStorage.setItem(ACTOR, actor);
  } catch {
    // It is typed again next time.
  }
}

/** A field of the dialogue, with its label. */
export const field = (label, input) => h('p', { class: 'field' }, h('label', { for: input.id }, label), input);

/** Tells of something that was done, for a while. */
export function tell(words) {
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), 5000);
}

/**
 * Opens the dialogue.
 *
 * @param question `title`, `what` (a list of sentences), `fields` (see {@link field}), `button`,
 *   `danger`, `note` ('none', 'may', 'must'), `typed` (a text to be typed), and `act({ actor, note })`, which does it and gives the
 *   words to tell; where it throws, the dialogue stays and says why
 */
export function confirm(question) {
  const { title, what, fields = [], button, danger = false, note = 'none', typed = '' } = question;
  let busy = false;
  const error = h('p', { class: 'banner bad', role: 'alert', hidden: true });
  const actor = h('input', { id: 'dialog-actor', name: 'actor', required: true, maxlength: '100', autocomplete: 'username', value: remembered() });
  const noted = h('textarea', { id: 'dialog-note', name: 'note', rows: '2', maxlength: '1000', required: note === 'must' });
  const check = h('input', { id: 'dialog-typed', name: 'typed', autocomplete: 'off', spellcheck: 'false', required: true });
  const go = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, button);
  const form = h(
    'form',
    {
      onsubmit: async (event) => {
        event.preventDefault();
        if (busy) return;
        error.hidden = true;
        if (typed !== '' && check.value.trim() !== typed) return fail(`Type ${typed} to go on.`);
        if (actor.value.trim() === '') return fail('Say who you are.');
        if (note === 'must' && noted.value.trim() === '') return fail('Say why.');
        busy = true;
        go.disabled = true;
        try {
          remember(actor.value.trim());
          tell(await question.act({ actor: actor.value.trim(), note: noted.value.replace(/\s+/g, ' ').trim() }));
          if (form.isConnected) dialog.close();
        } catch (failure) {
          fail(failure.message);
        } finally {
          busy = false;
          go.disabled = false;
        }
      },
    },
    h('h2', { id: 'dialog-title' }, title),
    what.map((sentence) => h('p', null, sentence)),
    fields,
    typed === '' ? null : h('p', { class: 'field' }, h('label', { for: 'dialog-typed' }, 'To be sure, type ', h('code', null, typed)), check),
    h('p', { class: 'field' }, h('label', { for: 'dialog-actor' }, 'Who you are'), actor),
    note === 'none' ? null : h('p', { class: 'field' }, h('label', { for: 'dialog-note' }, note === 'must' ? 'Why' : 'Why (may be left empty)'), noted),
    error,
    h('p', { class: 'choices' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Leave it'), go),
  );
  function fail(words) {
    // Somebody who has left it while it was under way hears of it all the same.
    if (!dialog.open || !form.isConnected) return tell(words);
    error.textContent = words;
    error.hidden = false;
  }
  show(dialog, []);
  dialog.append(form);
  dialog.showModal();
  const first = form.querySelector('.field input, .field select, .field textarea');
  if (typed !== '') check.focus();
  else if (fields.length > 0) first.focus();
  else if (actor.value === '' || note === 'none') actor.focus();
  else noted.focus();
}
