/**
 * A document that everybody may read and few may change: `node reader.mjs --url … --token …`, see
 * stage.mjs; the token is the secret with which writers' tokens are signed.
 */

import { begin, check, open, origin, person, play, putCaret, shot, signed, synced, textOf, until } from './stage.mjs';

const DOCUMENT = `${origin}/?doc=notes`;

const showToken = ({ context }, shown) => context.addInitScript((kept) => sessionStorage.setItem('dormouse.token', kept), shown);
const connection = ({ page }) => page.locator('#connection').getAttribute('data-state');
const says = (someone, words) => until(`${someone.name}’s page to say “${words}”`, async () => (await someone.page.locator('body').innerText()).includes(words));
const reads = (someone, words) => until(`${someone.name} to read “${words}”`, async () => (await textOf(someone)).includes(words));

async function type({ page }, words) {
  await page.locator('.cm-content').click();
  await page.keyboard.type(words);
}

async function run() {
  begin('who may only read is told so in an empty document');
  const guest = await person('Guest', '#6d4fc4');
  await open(guest, DOCUMENT);
  await says(guest, 'You may only read');
  await says(guest, 'Nothing is written here yet');
  await shot(guest, 'reader-1-empty');

  begin('sees what others write, and their cursors');
  const ada = await person('Ada', '#0f7672');
  await showToken(ada, signed(600, 'write:**'));
  await open(ada, DOCUMENT);
  check(await ada.page.locator('#reading').isHidden(), 'a writer is told that she may only read');
  await type(ada, '# Notes\n\nTea at four. ');
  await reads(guest, 'Tea at four.');
  await guest.page.locator('.peer-caret', { hasText: 'Ada' }).waitFor({ state: 'attached' });

  begin('and keys change nothing, nor do they end the connection');
  await type(guest, 'mine');
  await guest.page.keyboard.press('Backspace');
  await guest.page.keyboard.press('Control+z');
  await guest.page.keyboard.press('Control+v');
  await type(ada, 'Cake, too. ');
  await reads(guest, 'Cake, too.');
  await until('the reader’s page to show the same text', async () => (await textOf(guest)) === (await textOf(ada)));
  check((await connection(guest)) === 'live', 'the reader’s page is not connected any more');
  check(await guest.page.locator('#notice').isHidden(), 'there is a notice though nothing is wrong');
  await shot(guest, 'reader-2-wide');

  begin('on a phone too');
  const phone = await person('Phone', '#a8324e', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await open(phone, DOCUMENT);
  await reads(phone, 'Cake, too.');
  await says(phone, 'You may only read');
  const overflow = await phone.page.evaluate(() => document.querySelector('.status').scrollWidth - document.querySelector('.status').clientWidth);
  check(overflow <= 0, `the status line is ${overflow} px wider than a phone`);
  const gap = await phone.page.evaluate(() => document.querySelector('#reading').getBoundingClientRect().left - document.querySelector('#connection-text').getBoundingClientRect().right);
  check(gap >= 0, `the words “You may only read” lie ${-gap} px over those of the connection`);
  await shot(phone, 'reader-3-narrow');

  begin('who may do less with the next token stops writing, and is told of what was not taken');
  const ben = await person('Ben', '#37783a');
  ben.refused = true;
  await ben.page.goto(`${origin}/?doc=notes`);
  await synced(ben);
  await ben.page.evaluate((shown) => sessionStorage.setItem('dormouse.token', shown), signed(7, 'write:**'));
  await ben.page.reload();
  await synced(ben);
  await until('Ben to be a writer', async () => ben.page.locator('#reading').isHidden());
  await putCaret(ben, 0);
  await ben.page.keyboard.type('Ben was here. ');
  await reads(guest, 'Ben was here.');
  await says(ben, 'has run out');
  // Another question of the page may have been refused a little sooner.
  await ben.page.locator('#connection[data-state="stopped"]').waitFor();
  await ben.page.evaluate(() => window.dormouse.doc.getText('text').insert(0, 'Too late. '));
  await ben.page.locator('.token-dialog input').fill(signed(600, 'read:**'));
  await ben.page.getByRole('button', { name: 'Go on' }).click();
  await says(ben, 'You may only read this document');
  await shot(ben, 'reader-4-denied');
  await type(ada, 'Still live. ');
  await reads(ben, 'Still live.');
  check(!(await textOf(guest)).includes('Too late'), 'a change by a reader was taken');
  await type(ben, 'nothing');
  check(!(await textOf(ben)).includes('nothing'), 'the page can still be written to');
  await ben.page.getByRole('button', { name: 'Reload' }).click();
  await ben.page.waitForFunction(() => window.dormouse?.provider.synced && !window.dormouse.view.state.doc.toString().includes('Too late'));
  check(await ben.page.locator('#notice').isHidden(), 'the notice stays after reloading');
}

await play(run, 'Who may only read reads, and is told so.');
