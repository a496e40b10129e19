/** The documents this browser had open, newest first. */

import { isDocumentName } from './names.js';
import { recall, remember } from './store.js';

const KEPT = 12;

export function recentDocuments() {
  const list = recall('recent', []);
  return Array.isArray(list)
    ? list.filter((entry) => typeof entry?.name === 'string' && isDocumentName(entry.name))
    : [];
}

/** Only for documents with something in them: an address opened by chance is not worth a line. */
export function noteDocument(name, title) {
  const others = recentDocuments().filter((entry) => entry.name !== name);
  remember('recent', [{ name, title, at: Date.now() }, ...others].slice(0, KEPT));
}

export function forgetDocument(name) {
  remember('recent', recentDocuments().filter((entry) => entry.name !== name));
}

/** The first line with words in it, without its Markdown signs; empty when there is none. */
export function titleOf(text) {
  for (const line of text.slice(0, 2000).split('\n')) {
    const words = line.replace(/^[\s#>*+\-=]+/u, '').replace(/[*_`]+/g, '').trim();
    if (words !== '') return words.length > 80 ? `${words.slice(0, 79)}…` : words;
  }
  return '';
}
