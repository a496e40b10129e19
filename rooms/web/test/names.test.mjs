import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asPath, documentIn, freshDocumentName, guestName, initials, isDocumentName, toDocumentName } from '../src/names.js';
import { trusted } from '../src/me.js';
import { titleOf } from '../src/recent.js';

test('a fresh name is a document name and does not come twice', () => {
  const names = new Set(Array.from({ length: 1000 }, freshDocumentName));
  assert.equal(names.size, 1000);
  for (const name of names) assert.ok(isDocumentName(name), name);
});

test('names that a URL path would change are refused', () => {
  for (const name of ['', '.', '..', 'a/../b', '/a', 'a/', 'a//b', 'a b', 'a?b', 'a#b', 'a%2fb', 'a\\b', 'a;b', 'a\u0000b', 'a\u202eb', 'x'.repeat(121)]) {
    assert.ok(!isDocumentName(name), JSON.stringify(name));
  }
});

test('names in any script, with dots and slashes, are fine, and survive as a path', () => {
  for (const name of ['notes', 'team/2026.plan', 'Überschlaf', 'ヤマネ', 'a...b']) {
    assert.ok(isDocumentName(name), name);
    assert.equal(decodeURIComponent(new URL(`ws://h/collab/${asPath(name)}`).pathname), `/collab/${name}`);
  }
});

test('what people type becomes a name, or none', () => {
  assert.equal(toDocumentName('  My notes! '), 'my-notes');
  assert.equal(toDocumentName('team / plan'), 'team-/-plan');
  assert.equal(isDocumentName(toDocumentName('!!!')), false);
});

test('the document is read from the query', () => {
  assert.equal(documentIn('?doc=a/b'), 'a/b');
  assert.equal(documentIn('?doc=%C3%BC'), 'ü');
  assert.equal(documentIn('?doc='), null);
  assert.equal(documentIn(''), null);
});

test('initials are one or two letters, whole ones', () => {
  assert.equal(initials('Sleepy Otter'), 'SO');
  assert.equal(initials('vole'), 'V');
  assert.equal(initials('🦊 Red Fox'), '🦊F');
  assert.equal(initials(guestName()).length, 2);
});

test('a peer can bring only a plain colour and a short name', () => {
  assert.deepEqual(trusted({ name: ' Ann ', color: '#A1b2C3' }), { name: 'Ann', color: '#A1b2C3' });
  assert.equal(trusted({ name: 'x'.repeat(500), color: 'red;position:fixed' }).name.length, 32);
  assert.equal(trusted({ color: 'url(//x)' }).color, '#6b6259');
  assert.equal(trusted(null).name, 'Somebody');
  assert.equal(trusted({ name: {} }).name, 'Somebody');
});

test('the title is the first line with words', () => {
  assert.equal(titleOf('\n\n# *Big* plans\nmore'), 'Big plans');
  assert.equal(titleOf('---\n- `first`'), 'first');
  assert.equal(titleOf(''), '');
  assert.equal(titleOf('x'.repeat(200)).length, 80);
});
