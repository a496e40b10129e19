/** Two people on the editor page of a running server, in a real browser: `node editor.mjs --url …`, see stage.mjs. */

import { begin, below, check, open, origin, person, play, putCaret, sharedTextOf, shot, synced, textOf, until } from './stage.mjs';

const ROUNDS = 6;

async function equal(people, words) {
  let texts = [];
  await until(`the texts of ${people.map(({ name }) => name).join(' and ')} to be equal${words.length === 0 ? '' : ` and hold ${JSON.stringify(words)}`}`, async () => {
    texts = await Promise.all(people.map(textOf));
    return texts.every((text) => text === texts[0]) && words.every((word) => texts[0].includes(word));
  }).catch((error) => {
    throw new Error(`${error.message}\n${people.map(({ name }, index) => `  ${name}: ${JSON.stringify(texts[index])}`).join('\n')}`);
  });
  for (const someone of people) {
    check((await sharedTextOf(someone)) === texts[0], `${someone.name}’s editor shows another text than the shared document holds`);
  }
  return texts[0];
}

const lettersOf = (text) => [...text].sort().join('');

async function run() {
  const ada = await person('Ada Otter', '#0f7672');
  const ben = await person('Ben Finch', '#a8324e', { colorScheme: 'dark' });

  begin('the start page makes a document with a name of its own');
  await ada.page.goto(`${origin}/`);
  await ada.page.waitForURL((url) => (url.searchParams.get('doc') ?? '') !== '');
  await synced(ada);
  const link = ada.page.url();
  await ada.page.locator('#empty').waitFor({ state: 'visible' });
  await shot(ada, '1-empty');
  await open(ben, link);

  begin('what one types, the other reads');
  await ada.page.locator('.cm-content').click();
  await ada.page.keyboard.type('# Notes\n\nHello from Ada. ');
  await equal([ada, ben], ['# Notes\n\nHello from Ada. ']);
  check(await ben.page.locator('#empty').isHidden(), 'the empty page still shows beside a text');

  begin(`${ROUNDS} rounds of both typing at once, at random places`);
  let typed = await textOf(ada);
  for (let round = 0; round < ROUNDS; round++) {
    const length = (await textOf(ada)).length;
    // Half the rounds at the same place, where order matters most.
    const first = below(length + 1);
    const places = [first, round % 2 === 0 ? first : below(length + 1)];
    const words = [ada, ben].map(({ name }) => `⟨${name[0]}${round}·${below(10_000)}⟩`);
    await Promise.all(
      [ada, ben].map(async (someone, index) => {
        await putCaret(someone, places[index]);
        await someone.page.keyboard.type(words[index], { delay: 4 });
      }),
    );
    // A word may be split where the other stood inside it, but each typed letter is there once.
    typed += words.join('');
    await until(`round ${round}: all typed letters, each once, on both pages`, async () =>
      (await Promise.all([ada, ben].map(textOf))).every((text) => lettersOf(text) === lettersOf(typed)),
    );
    await equal([ada, ben], []);
  }

  begin('each sees the other’s cursor, with the name and among the faces');
  await putCaret(ada, 3);
  const carets = (someone, other) => someone.page.locator('.peer-caret', { hasText: other.name });
  await carets(ben, ada).waitFor({ state: 'attached' });
  await putCaret(ben, 9);
  await carets(ada, ben).waitFor({ state: 'attached' });
  for (const [someone, other] of [[ada, ben], [ben, ada]]) {
    const box = await carets(someone, other).boundingBox();
    check(box !== null && box.height > 8 && box.x > 0 && box.y > 0, `${other.name}’s cursor has no place on ${someone.name}’s page: ${JSON.stringify(box)}`);
    const here = await someone.page.locator('#people-button').getAttribute('aria-label');
    check(here.includes(other.name), `${someone.name}’s page does not list ${other.name}: “${here}”`);
  }
  await shot(ada, '2-two-light');
  await shot(ben, '3-two-dark');

  begin('undo takes back one’s own words only');
  await putCaret(ben, 0);
  await ben.page.keyboard.type('Ben’s line\n');
  await equal([ada, ben], ['Ben’s line\n']);
  await ada.page.waitForTimeout(600); // a new undo step: typing within half a second is one
  await putCaret(ada, (await textOf(ada)).length);
  await ada.page.keyboard.type(' to be undone');
  await equal([ada, ben], ['to be undone']);
  await ada.page.keyboard.press('Control+z');
  await until('the undone words to go', async () => !(await textOf(ben)).includes('to be undone'));
  await equal([ada, ben], ['Ben’s line\n']);

  begin('offline, both go on writing; back online, the documents are equal');
  ben.offline = true;
  await ben.context.setOffline(true);
  await ben.page.evaluate(() => window.dormouse.provider.ws.close()); // an open socket outlives the switch
  await ben.page.locator('#connection[data-state="offline"]').waitFor();
  await until('Ben to vanish from Ada’s page', async () => (await carets(ada, ben).count()) === 0);
  await putCaret(ben, 0);
  await ben.page.keyboard.type('written offline by Ben\n');
  await putCaret(ada, 0);
  await ada.page.keyboard.type('written meanwhile by Ada\n');
  check(!(await textOf(ada)).includes('offline by Ben'), 'words written offline arrived, so this was not offline');
  check(!(await textOf(ben)).includes('meanwhile by Ada'), 'words arrived offline, so this was not offline');
  await shot(ben, '4-offline');
  await ben.context.setOffline(false);
  await synced(ben);
  ben.offline = false;
  await equal([ada, ben], ['written offline by Ben\n', 'written meanwhile by Ada\n']);
  await ben.page.locator('#connection[data-state="live"]').waitFor();

  begin('a latecomer on a phone finds the text and both cursors');
  const cleo = await person('Cleo Hare', '#6d4fc4', { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true });
  await open(cleo, link);
  await equal([ada, ben, cleo], ['written offline by Ben\n']);
  await carets(cleo, ada).waitFor({ state: 'attached' });
  await carets(cleo, ben).waitFor({ state: 'attached' });
  const overflow = await cleo.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(overflow <= 0, `the page is ${overflow} px wider than a phone`);
  await shot(cleo, '5-phone');

  begin('who closes the page vanishes from the others’');
  await ada.context.close();
  await until('Ada’s cursor to vanish', async () => (await carets(ben, ada).count()) === 0);
  await until('Ada’s face to vanish', async () => !(await ben.page.locator('#people-button').getAttribute('aria-label')).includes(ada.name));

  begin('what the server cannot store is kept, and offered less and less often');
  const eve = await person('Eve Stoat', '#a05a00');
  let full = false;
  let tries = 0;
  await eve.page.routeWebSocket(/\/collab\//, (socket) => {
    if (!full) {
      const server = socket.connectToServer();
      socket.onMessage((message) => (full ? socket.close({ code: 1013, reason: 'the disk is full' }) : server.send(message)));
      return;
    }
    tries++;
    socket.close({ code: 1013, reason: 'the disk is full' });
  });
  await open(eve, link);
  full = true;
  await putCaret(eve, 0);
  await eve.page.keyboard.type('Kept. ');
  await eve.page.locator('#connection[data-state="waiting"]').waitFor();
  check(await eve.page.locator('#notice').isVisible(), 'the page does not say that nothing is stored');
  await shot(eve, '7-not-stored');
  await eve.page.waitForTimeout(4_000);
  check(tries <= 6, `the page came back ${tries} times within four seconds`);
  full = false;
  await equal([ben, eve], ['Kept. ']);
  check(await eve.page.locator('#notice').isHidden(), 'the notice stays though all is stored');
  await eve.context.close();

  begin('all leave; who comes back finds the text');
  const left = await textOf(ben);
  await ben.context.close();
  await cleo.context.close();
  const dora = await person('Dora Wren', '#37783a');
  await open(dora, link);
  await until('the text after all had left', async () => (await textOf(dora)) === left);
  await shot(dora, '6-back');

}

await play(run, 'The editor page holds what it promises.');
