/**
 * Two people look at one document, in a real browser, until its room sleeps: their cursors still
 * move, and the next key wakes it. `node sleep.mjs --url …`, see stage.mjs.
 */

import { begin, check, open, origin, person, play, putCaret, shot, synced, textOf, until } from './stage.mjs';

/** The room’s idle time and what it takes to be seen; counted from the last change. */
const ASLEEP_WITHIN_MS = 15_000;

const room = ({ page }) => page.locator('#room');
const carets = (someone, other) => someone.page.locator('.peer-caret', { hasText: other.name });

async function status(doc) {
  return (await fetch(`${origin}/status/collab/${doc}`)).json();
}

/** From here on every status event of the provider is kept in the page. */
async function watchLine({ page }) {
  await page.evaluate(() => {
    window.lineEvents = [];
    for (const name of ['status', 'connection-close', 'connection-error']) {
      window.dormouse.provider.on(name, (event) => window.lineEvents.push(`${name} ${event?.status ?? ''}`));
    }
  });
}

async function placeOf(caret) {
  const box = await caret.boundingBox();
  return box === null ? null : Math.round(box.x);
}

async function run() {
  const ada = await person('Ada Otter', '#0f7672');
  const ben = await person('Ben Finch', '#a8324e');
  const doc = 'sleepy';

  begin('two people have the document open and one of them writes');
  await open(ada, `${origin}/?doc=${doc}`);
  await open(ben, `${origin}/?doc=${doc}`);
  await ada.page.locator('.cm-content').click();
  await ada.page.keyboard.type('Good night, everybody. ');
  await until('the words on the other page', async () => (await textOf(ben)).includes('Good night'));
  await putCaret(ben, 4);
  await carets(ada, ben).waitFor({ state: 'attached' });
  await until('the page to say that the room is awake', async () => (await room(ada).textContent()) === 'room awake');
  await watchLine(ada);
  await watchLine(ben);
  await shot(ada, 'sleep-1-awake');

  begin('its room falls asleep though both move their cursors');
  const since = Date.now();
  let moves = 0;
  let seen = 0;
  while ((await status(doc)).state !== 'asleep') {
    check(Date.now() - since < ASLEEP_WITHIN_MS, `the room was still awake after ${ASLEEP_WITHIN_MS / 1000} s`);
    const before = await placeOf(carets(ada, ben));
    await putCaret(ben, 1 + (moves++ % 20));
    await until('the cursor to move', async () => (await placeOf(carets(ada, ben))) !== before);
    seen++;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  check(seen >= 10, `only ${seen} moves were seen before the room slept`);
  await until('both pages to say so', async () =>
    (await Promise.all([ada, ben].map((one) => room(one).textContent()))).every((said) => said.startsWith('room asleep for')),
  );
  await shot(ada, 'sleep-2-asleep');

  begin('it stays asleep while cursors go on moving');
  for (let i = 0; i < 10; i++) {
    const before = await placeOf(carets(ada, ben));
    // Not where one of the moves before may have left it: a cursor that stays cannot be seen to move.
    await putCaret(ben, 21 + (i % 2));
    await until('the cursor to move while the room sleeps', async () => (await placeOf(carets(ada, ben))) !== before);
  }
  check((await status(doc)).state === 'asleep', 'a moving cursor woke the room');

  begin('who comes meanwhile finds the cursors');
  const cleo = await person('Cleo Hare', '#6d4fc4');
  await open(cleo, `${origin}/?doc=${doc}`);
  await carets(cleo, ben).waitFor({ state: 'attached' });
  await until('the room to sleep again', async () => (await status(doc)).state === 'asleep');

  begin('a key wakes it, and everybody reads the letter');
  await ben.page.locator('.cm-content').click();
  await ben.page.keyboard.type('!');
  await until('the letter on the other pages', async () => (await textOf(ada)).includes('!') && (await textOf(cleo)).includes('!'));
  check((await status(doc)).state === 'awake', 'a letter was told by a room that sleeps');
  await until('the page to say that it is awake', async () => (await room(ben).textContent()) === 'room awake');
  await shot(ben, 'sleep-3-woken');

  begin('nobody’s line was ever cut');
  for (const one of [ada, ben]) {
    const events = await one.page.evaluate(() => window.lineEvents);
    check(events.length === 0, `${one.name}’s provider reported ${JSON.stringify(events)}`);
    await synced(one);
  }
}

await play(run, 'The document sleeps while people look at it.');
