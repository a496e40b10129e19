/** Asks for the admin token, where the server wants to see it. */

import { signIn } from './api.js';
import { h, show } from './dom.js';

/** Whether the question is being shown. */
export const asking = (main) => main.querySelector('form.login') !== null;

/** Shows the question in place of everything; `then` is called when it was answered well. */
export function askToken(main, then) {
  const error = h('p', { class: 'banner bad', role: 'alert', hidden: true });
  const token = h('input', { id: 'token', type: 'password', autocomplete: 'current-password', spellcheck: 'false', required: true });
  const go = h('button', { type: 'submit', class: 'primary' }, 'Enter');
  const form = h(
    'form',
    {
      class: 'login',
      onsubmit: async (event) => {
        event.preventDefault();
        if (go.disabled) return;
        go.disabled = true;
        error.hidden = true;
        try {
          await signIn(token.value.trim());
          show(main, []);
          then();
        } catch (failure) {
          error.textContent = failure.message;
          error.hidden = false;
          token.select();
        } finally {
          go.disabled = false;
        }
      },
    },
    h('h1', null, 'Who is there?'),
    h('p', null, 'This page needs the admin token of the server. It is in the file ', h('code', null, 'admin-token'), ' in the data folder, or in the one that ', h('code', null, '--admin-token'), ' names; the server’s log has its path.'),
    h('p', { class: 'field' }, h('label', { for: 'token' }, 'Admin token'), token),
    h('p', null, go),
    error,
  );
  show(main, []);
  show(main, [form]);
  token.focus();
}
