/**
 * Somebody watches a rollout over a thousand devices on the page at `/fleet/`: it begins, is paused
 * and resumed, asks for approval, tries again what fails, goes back, and lists the devices that do
 * not. `node fleet.mjs --url …`, see
 * stage.mjs.
 */

import { Fleet } from './devices.mjs';
import { begin, check, origin, person, play, shot, until } from './stage.mjs';

const COUNT = 1000;
const TENANT = 'page';

async function counts({ page }) {
  const items = await page.locator('#counts li').evaluateAll((all) =>
    all.map((item) => [item.dataset.state, Number(item.querySelector('b').textContent)]));
  return Object.fromEntries(items);
}

const title = ({ page }) => page.locator('#outcome-title').textContent();

async function awake() {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^dormouse_rooms_awake\{namespace="device"\} (.*)$/m.exec(metrics)[1]);
}

async function run() {
  // Those with the first names are the canaries, which are good; of the rest some are not.
  const fleet = new Fleet({ url: origin, tenant: TENANT, count: COUNT, takes: 300 });
  fleet.devices.slice(120, 150).forEach((device) => { device.manner = 'fails'; });
  fleet.devices.slice(20, 23).forEach((device) => { device.manner = 'stubborn'; });
  const ada = await person('Ada Otter', '#0f7672');
  try {
    begin('a thousand devices connect, and their rooms fall asleep');
    await fleet.connect();
    await ada.page.goto(`${origin}/fleet/?tenant=${TENANT}`);
    await until('the page to count them', async () =>
      (await ada.page.locator('#totals').textContent()) === `${COUNT} devices, ${COUNT} connected`);
    await until('most of their rooms to sleep', async () => (await awake()) < COUNT / 20);
    await shot(ada, 'fleet-1-overview');

    begin('a rollout is made on the page, and its page opens');
    const form = ada.page.locator('#make');
    for (const [field, value] of Object.entries({ name: 'spring', firmware: '2.0', canary: '10', percent: '30', soak: '2', failure: '5' })) {
      await form.locator(`[name=${field}]`).fill(value);
    }
    await form.locator('[name=approval]').check();
    await form.locator('button').click();
    await ada.page.waitForURL(/rollout=spring/);
    await until('the grid', async () => (await ada.page.locator('.grid i').count()) === COUNT);
    await until('the canaries to be confirmed', async () => (await counts(ada)).confirmed >= 10);

    begin('it is paused and resumed');
    await ada.page.locator('#pause').click();
    await until('the page to say so', async () => (await title(ada)) === 'Paused');
    await shot(ada, 'fleet-2-paused');
    await ada.page.locator('#resume').click();
    await until('it to go on', async () => (await title(ada)) !== 'Paused');

    begin('it asks before the second group, and somebody approves');
    await until('it to ask', async () => (await title(ada)) === 'Waiting for approval');
    check((await ada.page.locator('.gate').nth(1).textContent()) === 'waits for approval', 'the group says so');
    await shot(ada, 'fleet-2-approval');
    await ada.page.locator('#approve [name=by]').fill('Ada');
    await ada.page.locator('#approve [name=note]').fill('the canaries sing');
    await ada.page.locator('#approve-button').click();
    await until('the second group to begin', async () => (await counts(ada)).updating > 0);
    check(await ada.page.locator('#approve').isHidden(), 'nothing is asked any more');
    check((await ada.page.locator('.group p').nth(1).textContent()).endsWith('approved by Ada: the canaries sing'), 'who approved is named');

    begin('the second group fails, and all goes back');
    await until('it to go back', async () => ['Rolling back', 'Compensated with failures'].includes(await title(ada)));
    await shot(ada, 'fleet-3-back');
    await until('the end', async () => (await title(ada)) === 'Compensated with failures');
    const end = await counts(ada);
    check(end.stuck === 3, `three are stuck, not ${end.stuck}`);
    check(end.updating + end.confirmed + end['going back'] === 0, `nobody is under way: ${JSON.stringify(end)}`);
    check((await ada.page.locator('#stuck li b').allTextContents()).join() === 'd0020,d0021,d0022', 'the stuck are listed');
    check(await ada.page.locator('#cancel').isDisabled(), 'what is over cannot be cancelled');
    await shot(ada, 'fleet-4-stuck');

    begin('the stuck are tried again');
    fleet.devices.forEach((device) => { device.manner = 'good'; });
    await ada.page.locator('#retry').click();
    await until('the end', async () => (await title(ada)) === 'Compensated');
    check(await ada.page.locator('#stuck-card').isHidden(), 'nobody is stuck any more');
    check(fleet.count().firmware['1.0'] === COUNT, 'all have their old firmware');
    check((await ada.page.locator('#log li').count()) > 5, 'the log tells of it');
    await shot(ada, 'fleet-5-compensated');

    begin('in a second rollout what fails is tried again, and succeeds');
    fleet.devices.slice(0, 40).forEach((device) => { device.manner = 'fails'; });
    const wish = { firmware: '3.0', soak: 'PT1S', retries: 3, retryWait: 'PT4S', chunk: 500, devices: fleet.devices.slice(0, 200).map((device) => device.name) };
    const made = await fetch(`${origin}/rooms/rollout/${TENANT}/summer`, { method: 'PUT', body: JSON.stringify(wish) });
    check(made.status === 201, `the rollout is made: ${made.status}`);
    await ada.page.goto(`${origin}/fleet/?tenant=${TENANT}&rollout=summer`);
    await until('all that failed to wait for another attempt', async () => (await counts(ada))['tried again'] === 40);
    check((await ada.page.locator('.group p').first().textContent()).includes('0 failed'), 'none of them has failed yet');
    await shot(ada, 'fleet-6-again');
    fleet.devices.forEach((device) => { device.manner = 'good'; });
    await until('the end', async () => (await title(ada)) === 'Finished');
    check((await counts(ada)).updated === 200, 'all are updated');
  } finally {
    fleet.end();
  }
}

await play(run, 'The page showed the rollout, and all that became of it.');
