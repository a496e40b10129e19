/**
 * The page of bookings on a server that has no payment service: it says how to start one.
 * `node booking-unpaid.mjs --url …`, see stage.mjs.
 */

import { begin, check, origin, person, play, shot, until } from './stage.mjs';

async function run() {
  const ada = await person('Ada', '#0f7672');
  const { page } = ada;

  begin('somebody books where nobody can be paid');
  await page.goto(`${origin}/booking/`);
  await until('the page to be live', async () => (await page.locator('#connection-text').textContent()) === 'Live');
  await until('the stock', async () => (await page.locator('#stock-available').textContent()) === '200');
  check(await page.locator('#no-payments').isHidden(), 'it complains before anybody has asked for anything');
  await page.locator('#book').click();
  await until('the page to say so', async () => page.locator('#no-payments').isVisible());
  check((await page.locator('#no-payments').textContent()).includes('--service payment='), 'it does not say how');
  await until('all of it to be taken back', async () => (await page.locator('#outcome-title').textContent()) === 'Not booked');
  check((await page.locator('[data-step="reserve"]').getAttribute('data-state')) === 'undone', 'the goods were kept');
  await shot(ada, 'booking-unpaid');
}

await play(run, 'Without a payment service nothing is booked, and the page says why.');
