/**
 * Two people on the editor page of a running server, in a real browser:
 *
 *   node editor.mjs --url http://127.0.0.1:PORT [--chromium /usr/bin/chromium] [--shots DIR] [--seed N]
 *                   [--limit SECONDS]
 *
 * Exit code 0 when all holds, 1 with one line that says what did not. Any error in a page, and any
 * request to another origin, is a failure. Ends by itself after `--limit` seconds (default 120).
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    shots: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    limit: { type: 'string', default: '120' },
  },
});
if (options.url === undefined) {
  console.error('usage: node editor.mjs --url http://127.0.0.1:PORT [--chromium PATH] [--shots DIR] [--seed N] [--limit SECONDS]');
  process.exit(1);
}

const origin = new URL(options.url).origin;
const ROUNDS = 6;
const WAIT_MS = 15_000;

/** mulberry32: small, and the same everywhere. */
function seeded(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const below = seeded(Number(options.seed));
const faults = [];
let browser;
let step = 'starting the browser';

function begin(what) {
  step = what;
  console.log(`· ${what}`);
}

function check(holds, message) {
  if (!holds) throw new Error(message);
}

/** A person: a context of their own, so that nothing reaches the other but through the server. */
async function person(name, color, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...settings });
  context.setDefaultTimeout(WAIT_MS);
  await context.addInitScript((me) => localStorage.setItem('dormouse.me', JSON.stringify(me)), { name, color });
  const page = await context.newPage();
  const someone = { name, context, page, offline: false };
  page.on('pageerror', (error) => faults.push(`error in ${name}’s page: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (someone.offline && message.text().includes('ERR_INTERNET_DISCONNECTED')) return;
    faults.push(`${message.type()} in ${name}’s console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) faults.push(`${name}’s page asked another origin: ${url}`);
  });
  return someone;
}

const textOf = ({ page }) => page.evaluate(() => window.dormouse.view.state.doc.toString());
const sharedTextOf = ({ page }) => page.evaluate(() => window.dormouse.doc.getText('text').toString());

async function until(what, holds) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s for: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function synced({ page, name }) {
  await page.waitForFunction(() => window.dormouse?.provider.synced === true).catch(() => {
    throw new Error(`${name}’s page did not get in sync with the server within ${WAIT_MS / 1000} s`);
  });
}

async function open(someone, address) {
  await someone.page.goto(address);
  await synced(someone);
}

async function putCaret({ page }, at) {
  await page.evaluate((index) => {
    const { view } = window.dormouse;
    view.focus();
    view.dispatch({ selection: { anchor: Math.min(index, view.state.doc.length) } });
  }, at);
}

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

async function shot({ page }, name) {
  if (options.shots !== undefined) await page.screenshot({ path: join(options.shots, `${name}.png`) });
}

async function run() {
  if (options.shots !== undefined) mkdirSync(options.shots, { recursive: true });
  console.log(`seed ${options.seed}`);
  browser = await chromium.launch({
    executablePath: options.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
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

  begin('all leave; who comes back finds the text');
  const left = await textOf(ben);
  await ben.context.close();
  await cleo.context.close();
  const dora = await person('Dora Wren', '#37783a');
  await open(dora, link);
  await until('the text after all had left', async () => (await textOf(dora)) === left);
  await shot(dora, '6-back');

  check(faults.length === 0, `the pages reported ${faults.length} faults`);
}

const limit = Number(options.limit) * 1000;
let timer;
try {
  await Promise.race([
    run(),
    new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error(`not done after ${options.limit} s`)), limit);
    }),
  ]);
  console.log('The editor page holds what it promises.');
} catch (error) {
  console.error(`FAILED while: ${step} (seed ${options.seed})\n${error.message}`);
  process.exitCode = 1;
} finally {
  clearTimeout(timer);
  for (const fault of faults) console.error(`  ${fault}`);
  await Promise.race([browser?.close(), new Promise((done) => setTimeout(done, 5000).unref())]).catch(() => {});
}
process.exit(process.exitCode ?? 0);
