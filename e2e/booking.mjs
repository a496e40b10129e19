/**
 * Two people look at one order, in a real browser, while it is booked, taken back, tried again and
 * cancelled. `node booking.mjs --url …`, see stage.mjs; the server pays at `e2e/payments` or one like
 * it.
 */

import { begin, check, origin, person, play, shot, until } from './stage.mjs';

const title = ({ page }) => page.locator('#outcome-title');
const state = ({ page }, step) => page.locator(`[data-step="${step}"]`).getAttribute('data-state');
const lines = ({ page }) => page.locator('#lines span').allTextContents();
const available = ({ page }) => page.locator('#stock-available').textContent();

async function open(someone, order) {
  await someone.page.goto(`${origin}/booking/?order=${order}`);
  await until(`${someone.name}’s page to be live`, async () => (await someone.page.locator('#connection-text').textContent()) === 'Live');
  await until('the stock', async () => (await available(someone)) !== '–');
}

async function book({ page }, mood, quantity = 2) {
  await page.getByText(mood).click();
  await page.locator('#quantity').fill(String(quantity));
  await page.locator('#book').click();
}

const says = (everybody, what) =>
  until(`the pages to say: ${what}`, async () => (await Promise.all(everybody.map((one) => title(one).textContent()))).every((said) => said === what));

async function run() {
  const ada = await person('Ada', '#0f7672');
  const ben = await person('Ben', '#a8324e');
  const both = [ada, ben];

  begin('two people open the same order');
  for (const one of both) await open(one, 'sunday');
  check((await title(ada).textContent()) === 'Nothing is booked yet', 'a new order is not empty');
  const before = Number(await available(ada));
  await shot(ada, 'booking-1-empty');

  begin('one of them books, and both see the payment under way');
  await book(ada, 'It takes three seconds');
  await until('the payment to be under way', async () => (await state(ada, 'pay')) === 'doing' && (await state(ben, 'pay')) === 'doing');
  check((await state(ben, 'reserve')) === 'done', 'the goods were not set aside first');
  await until('the stock to show what is set aside', async () => (await ben.page.locator('#stock-reserved').textContent()) === '2');
  await shot(ben, 'booking-2-paying');

  begin('it is booked');
  await says(both, 'Booked');
  check((await state(ada, 'sell')) === 'done', 'the goods are still in the stock');
  await until('the stock to be less', async () => Number(await available(ben)) === before - 2);
  check(JSON.stringify(await lines(ada)) === JSON.stringify(await lines(ben)), 'the two saw different things');
  check(await ada.page.locator('#cancel').isDisabled(), 'what is booked can be cancelled');
  await shot(ada, 'booking-3-booked');

  begin('a third who comes later sees the same');
  const cleo = await person('Cleo', '#6d4fc4', { colorScheme: 'dark', viewport: { width: 390, height: 844 } });
  await open(cleo, 'sunday');
  await says([cleo], 'Booked');
  check(JSON.stringify(await lines(cleo)) === JSON.stringify(await lines(ada)), 'who came later sees something else');
  await shot(cleo, 'booking-4-later');

  begin('more than a parcel holds is paid, refused, and paid back');
  for (const one of both) await open(one, 'monday');
  await book(ada, 'It goes through', 60);
  await says(both, 'Not booked');
  check((await state(ben, 'pay')) === 'undone' && (await state(ben, 'ship')) === 'refused', 'the payment was not given back');
  await until('the stock to be whole again', async () => Number(await available(ben)) === before - 2);
  await shot(ben, 'booking-5-back');

  begin('a declined card, and then another try that meets a bank that fails twice');
  await book(ben, 'The card is declined');
  await until('the refusal', async () => (await lines(ada)).some((said) => said.includes('the card was declined')));
  await says(both, 'Not booked');
  await book(ada, 'It fails twice');
  await until('a second attempt to be waited for', async () => (await state(ben, 'pay')) === 'retrying');
  await shot(ben, 'booking-6-retrying');
  await says(both, 'Booked');

  begin('a booking that is cancelled in time');
  for (const one of both) await open(one, 'tuesday');
  await book(ada, 'It takes three seconds');
  await until('the payment to be under way', async () => (await state(ben, 'pay')) === 'doing');
  await ben.page.locator('#cancel').click();
  await says(both, 'Going back');
  await shot(ada, 'booking-7-cancelled');
  await says(both, 'Not booked');
  check((await state(ada, 'pay')) === 'undone' && (await state(ada, 'reserve')) === 'undone', 'not all was taken back');
}

await play(run, 'Orders are booked or taken back while people look at them.');
