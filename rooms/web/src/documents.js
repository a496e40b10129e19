/** The panel behind the document's name: recent documents, another one by name, a new one. */

import { byId, element } from './dom.js';
import { addressOf, isDocumentName, toDocumentName } from './names.js';
import { forgetDocument, recentDocuments } from './recent.js';

const DAY = 24 * 60 * 60 * 1000;

function when(at) {
  if (typeof at !== 'number') return '';
  const date = new Date(at);
  const options = Date.now() - at < DAY ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' };
  return date.toLocaleString(undefined, options);
}

function entry(document, current, redraw) {
  const link = element(
    'a',
    { className: 'entry', href: addressOf(document.name) },
    element('span', { className: 'entry-name' }, document.title || document.name, element('small', { textContent: document.title ? document.name : '' })),
    element('span', { className: 'entry-hint', textContent: document.name === current ? 'open now' : when(document.at) }),
  );
  if (document.name === current) link.setAttribute('aria-current', 'page');
  const forget = element('button', { type: 'button', className: 'forget', title: 'Take off this list', ariaLabel: `Take ${document.title || document.name} off this list`, textContent: '×' });
  forget.addEventListener('click', () => {
    forgetDocument(document.name);
    redraw();
  });
  return element('li', {}, link, forget);
}

export function showDocuments(current) {
  const panel = byId('documents');
  const typed = byId('open-name');
  const problem = byId('open-problem');

  const draw = () => {
    const list = recentDocuments();
    byId('recent').replaceChildren(
      ...(list.length === 0
        ? [element('li', { className: 'quiet', textContent: 'Documents you write in are listed here, in this browser only.' })]
        : list.map((each) => entry(each, current, draw))),
    );
  };

  panel.addEventListener('beforetoggle', (event) => {
    if (event.newState === 'open') draw();
    problem.hidden = true;
  });
  byId('open-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = toDocumentName(typed.value);
    if (isDocumentName(name)) {
      location.assign(addressOf(name));
      return;
    }
    problem.textContent = 'A name needs a letter or a digit; it may have dots, dashes and slashes between.';
    problem.hidden = false;
    typed.focus();
  });
}
