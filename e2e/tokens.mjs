/**
 * The pages at a server that asks for tokens: each asks for one, says why it does not take one, keeps
 * it for the tab, and goes on with another when it has run out. `node tokens.mjs --url … --token …`,
 * see stage.mjs; the token is the secret with which others are signed here.
 */

import { begin, check, origin, person, play, shot, signed, synced, textOf, until } from './stage.mjs';

const good = signed(600, 'write:**');
const powerless = signed(600);

const form = ({ page }) => page.locator('.token-dialog');
const why = ({ page }) => page.locator('#token-why').textContent();

async function show(someone, given) {
  await someone.page.locator('.token-dialog input').fill(given);
  await someone.page.getByRole('button', { name: 'Go on' }).click();
}

const asks = (someone, words) => until(`the form to say: ${words}`, async () => (await form(someone).count()) === 1 && (await why(someone)).includes(words));
const goes = (someone) => until('the form to go', async () => (await form(someone).count()) === 0);
const live = (someone) => until('the page to be live', async () => (await someone.page.locator('#connection-text').textContent()) === 'Live');

async function editor() {
  begin('the editor asks for a token, and says why it takes none of two');
  const ada = await person('Ada', '#0f7672');
  await ada.page.goto(`${origin}/?doc=sunday`);
  await asks(ada, 'asks who you are');
  check(await ada.page.locator('.token-dialog input').evaluate((input) => input === document.activeElement), 'the field has not the focus');
  await shot(ada, 'token-1-asked');
  for (let i = 0; i < 3; i++) await ada.page.keyboard.press('Escape');
  await until('the form to be there still', async () => (await ada.page.locator('.token-dialog[open]').count()) === 1);
  await show(ada, 'no token at all!');
  await asks(ada, 'no token');
  await show(ada, 'rubbish');
  await asks(ada, 'did not take that token');
  await shot(ada, 'token-2-refused');
  await show(ada, powerless);
  await asks(ada, 'does not let you in');

  begin('with a good one the document is there, after a reload too, and in no other tab');
  await show(ada, good);
  await goes(ada);
  await synced(ada);
  await ada.page.locator('.cm-content').click();
  await ada.page.keyboard.type('Tea at four');
  await until('the text', async () => (await textOf(ada)) === 'Tea at four');
  await ada.page.reload();
  await synced(ada);
  check((await form(ada).count()) === 0, 'the page asks again in the same tab');
  await until('the text after the reload', async () => (await textOf(ada)) === 'Tea at four');
  await shot(ada, 'token-3-in');
  const tab = await ada.context.newPage();
  await tab.goto(`${origin}/?doc=sunday`);
  await asks({ page: tab }, 'asks who you are');
  await tab.close();

  begin('a token that runs out is asked for again, and the page goes on');
  const ben = await person('Ben', '#a8324e', { colorScheme: 'dark', viewport: { width: 390, height: 844 } });
  // What it asks for just as its token runs out is refused, and the browser says so.
  ben.refused = true;
  await ben.page.goto(`${origin}/?doc=sunday`);
  await asks(ben, 'asks who you are');
  await show(ben, signed(8, 'write:**'));
  await goes(ben);
  await synced(ben);
  await asks(ben, 'has run out');
  await shot(ben, 'token-4-ended');
  await show(ben, good);
  await goes(ben);
  await synced(ben);
  await until('the text', async () => (await textOf(ben)) === 'Tea at four');
}

async function others() {
  begin('the page of bookings asks once for both of its rooms');
  const cleo = await person('Cleo', '#6d4fc4');
  await cleo.page.goto(`${origin}/booking/?order=sunday`);
  await asks(cleo, 'asks who you are');
  await shot(cleo, 'token-5-booking');
  await show(cleo, powerless);
  await asks(cleo, 'does not let you in');
  await show(cleo, good);
  await goes(cleo);
  await live(cleo);
  await until('the stock', async () => (await cleo.page.locator('#stock-available').textContent()) === '200');

  begin('the page of the fleet asks, and so does that of a rollout');
  const dora = await person('Dora', '#2f7d43');
  await dora.page.goto(`${origin}/fleet/`);
  await asks(dora, 'asks who you are');
  await shot(dora, 'token-6-fleet');
  await show(dora, good);
  await goes(dora);
  await until('the fleet', async () => (await dora.page.locator('#totals').textContent()).includes('0 devices'));
  const evan = await person('Evan', '#8f5526');
  await evan.page.goto(`${origin}/fleet/?tenant=demo&rollout=spring`);
  await asks(evan, 'asks who you are');
}

async function run() {
  await editor();
  await others();
}

await play(run, 'Each page asks for a token, says what is wrong with one, and goes on with a good one.');
