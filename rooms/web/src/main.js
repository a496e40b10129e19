/** Opens the document that the address names; an address without one gets a fresh name. */

import { EditorView } from '@codemirror/view';
import { Doc } from 'yjs';

import { connect } from './connection.js';
import { caretOf } from './cursors.js';
import { showDocuments } from './documents.js';
import { byId } from './dom.js';
import { addressOf, documentIn, freshDocumentName, isDocumentName } from './names.js';
import { showPeople } from './people.js';
import { noteDocument, titleOf } from './recent.js';
import { showShare } from './share.js';
import { showSleep } from './sleep.js';
import { hideNotice, showConnection, showNotice, showWords } from './status.js';
import { paper } from './writing.js';

/** The shared text's key in the Yjs document; other editors on the same document use it too. */
const TEXT = 'text';
const SETTLE_MS = 250;

function open(name) {
  const doc = new Doc();
  const text = doc.getText(TEXT);
  let sheet;

  const line = connect(doc, name, (state) => {
    showConnection(state);
    sheet.setReadOnly(state.kind === 'stopped' || state.may !== 'write', state.may === 'read');
    byId('empty-hint').textContent = state.may === 'read' ? 'Nothing is written here yet.' : 'Write something, or share the link and write together.';
    if (state.kind === 'stopped') {
      showNotice('This document cannot be reached.', state.why, { label: 'Try again', run: line.again });
    } else if (state.denied) {
      showNotice('You may only read this document.', 'Your last changes stand in this tab alone: nobody else sees them, and they are not stored. Copy what you need, then reload.', {
        label: 'Reload',
        run: () => location.reload(),
      });
    } else if (state.kind === 'waiting') {
      showNotice('The server cannot store your changes at present.', 'They are kept in this tab, which must stay open, and offered again from time to time.');
    } else if (state.kind === 'offline' && state.blocked) {
      showNotice('The server is there, but the live connection is not.', 'Something on the way may not let WebSockets through. Trying again all the while.');
    } else {
      hideNotice();
    }
    showEmpty();
  });
  const { provider } = line;

  const showEmpty = () => {
    byId('empty').hidden = text.length > 0 || !provider.synced;
  };

  const summarize = () => {
    const content = text.toString();
    const title = titleOf(content);
    showWords(content);
    document.title = `${title === '' ? name : title} · Dormouse`;
    if (content !== '') noteDocument(name, title);
  };
  let settling = null;
  const onText = () => {
    showEmpty();
    // Not put off by further keys: somebody is always typing.
    settling ??= setTimeout(() => {
      settling = null;
      summarize();
    }, SETTLE_MS);
  };

  sheet = paper({ parent: byId('editor'), text, awareness: provider.awareness, onText });
  const { view } = sheet;

  const goTo = (client) => {
    const at = caretOf(provider.awareness.getStates().get(client), text);
    if (at !== null) view.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  };

  byId('document-name').textContent = name;
  showPeople(provider.awareness, goTo);
  showDocuments(name);
  showShare();
  showSleep(name, doc, provider);
  summarize();
  view.focus();

  addEventListener('beforeunload', (event) => {
    if (line.hasUnsent()) event.preventDefault();
  });

  // For tests, and for curious people at the console.
  window.dormouse = { provider, doc, view };
}

const name = documentIn(location.search);
if (name === null) {
  location.replace(addressOf(freshDocumentName()));
} else if (isDocumentName(name)) {
  open(name);
} else {
  showConnection({ kind: 'stopped' });
  showDocuments(null);
  byId('share').hidden = true;
  byId('people-button').hidden = true;
  showNotice('This address names no document.', 'A name has letters, digits, dots and dashes, at most 120 of them; slashes may stand between.', {
    label: 'New document',
    run: () => location.assign('./'),
  });
}
