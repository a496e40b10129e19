import assert from 'node:assert/strict';
import { test } from 'node:test';

import { howLong, understood, words } from '../src/sleep.js';

test('what the server says of the room is understood, with or without a time', () => {
  assert.deepEqual(understood({ namespace: 'collab', name: 'x', state: 'asleep', since: '2026-11-26T06:00:00Z' }), {
    state: 'asleep',
    sinceMs: Date.UTC(2026, 10, 26, 6),
  });
  assert.deepEqual(understood({ state: 'awake' }), { state: 'awake' });
  assert.deepEqual(understood({ state: 'asleep', since: 'yesterday' }), { state: 'asleep' });
  assert.deepEqual(understood({ state: 'asleep', since: 12 }), { state: 'asleep' });
});

test('anything else is not', () => {
  for (const said of [null, undefined, {}, [], 'asleep', { state: 'dreaming' }, { state: 'toString' }]) {
    assert.equal(understood(said), null, JSON.stringify(said));
  }
});

test('a time is said in its largest unit', () => {
  assert.equal(howLong(-5_000), '0 s');
  assert.equal(howLong(12_999), '12 s');
  assert.equal(howLong(60_000), '1 min');
  assert.equal(howLong(3_599_999), '59 min');
  assert.equal(howLong(7_200_000), '2 h');
  assert.equal(howLong(200_000_000), '2 d');
});

test('the status line says how long only of sleep, and only if it is known', () => {
  assert.equal(words('asleep', 12_000), 'room asleep for 12 s');
  assert.equal(words('asleep', undefined), 'room asleep');
  assert.equal(words('awake', 12_000), 'room awake');
});
