/**
 * An operator at the inspector’s page, before `AdminStage` (ws-server): `node admin.mjs --url …`, see
 * stage.mjs.
 */

import { begin, check, origin, person, play, shot, token, until } from './stage.mjs';

const BUTTON = (page, name) => page.getByRole('button', { name, exact: true });

const text = ({ page }) => page.locator('main').innerText();

async function shows(someone, ...words) {
  await until(`the page to show ${JSON.stringify(words)}`, async () => {
    const shown = await text(someone);
    return words.every((word) => shown.includes(word));
  }).catch(async (error) => {
    throw new Error(`${error.message}\nit shows:\n${await text(someone)}`);
  });
}

async function visit(someone, hash) {
  await someone.page.goto(`${origin}/${hash}`);
  await someone.page.locator('#pulse[data-state="live"]').waitFor();
}

const ask = async (path) => (await fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();

async function address(saga) {
  const { sagas } = await ask(`/sagas?status=any&search=${saga}`);
  const found = sagas.find((each) => each.saga === saga);
  return `#/sagas/${found.room.namespace}/${found.room.id}/${saga}`;
}

/** Shows the token, where the page asks for it. */
async function signIn(someone) {
  if (token === '') return;
  someone.refused = true;
  await someone.page.goto(`${origin}/`);
  await someone.page.getByLabel('Admin token').fill(token);
  await someone.page.keyboard.press('Enter');
  await someone.page.locator('#pulse[data-state="live"]').waitFor();
  someone.refused = false;
}

const dialog = ({ page }) => page.locator('dialog[open]');

/** What is behind a dialogue takes no text before that has closed. */
const closed = (someone) => until('the dialogue to close', async () => (await dialog(someone).count()) === 0);

async function run() {
  const ada = await person('Ada Otter', '#0f7672', { viewport: { width: 1280, height: 820 } });
  const { page } = ada;

  if (token !== '') {
    begin('the page asks for the token, says when it is wrong, and then never again');
    ada.refused = true;
    await page.goto(`${origin}/`);
    await page.getByLabel('Admin token').fill('a token that is not the right one');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the admin token.').waitFor();
    check((await page.getByLabel('Admin token').count()) === 1, 'the question is gone');
    await signIn(ada);
    check(!(await page.evaluate(() => document.cookie)).includes('dormouse-admin'), 'scripts can read the cookie');
  }

  begin('the overview has the numbers, and first what is parked');
  await visit(ada, '');
  await shows(ada, 'Rooms awake', '1,204', 'Open sagas', 'trip-1042', 'the printer of gate 7 is out of paper', 'mails → sender', 'with no room awake');
  check((await page.locator('section[data-key="Rooms awake by namespace"] > .scroll tbody tr').filter({ has: page.locator('td.number', { hasText: /^0$/ }) }).count()) === 0, 'namespaces without a room awake are not put aside');

  begin('the list of sagas goes by state, page by page, and finds what is typed');
  await page.keyboard.press('2');
  await shows(ada, 'bulk-001');
  await page.getByRole('link', { name: 'Next page' }).click();
  await shows(ada, 'bulk-070', 'trip-1044', 'First page');
  await page.getByRole('link', { name: 'Parked', exact: true }).click();
  await shows(ada, 'trip-1042', 'trip-1043');
  await until('the saga that runs to be left out', async () => !(await text(ada)).includes('trip-1044'));
  await page.keyboard.press('/');
  await page.keyboard.type('OSLO');
  await until('only what was searched for', async () => !(await text(ada)).includes('trip-1042') && (await text(ada)).includes('trip-1043'));

  begin('what is typed stays while the page brings itself up to date');
  const before = await page.locator('#pulse-words').innerText();
  await until('the next answer', async () => (await page.locator('#pulse-words').innerText()) !== before);
  const field = page.locator('input[type=search]');
  check((await field.inputValue()) === 'OSLO', `the search says “${await field.inputValue()}”`);
  check(await field.evaluate((node) => node === document.activeElement), 'the search has lost the focus');

  begin('a saga’s page has its graph, in colours and in words, and its timeline');
  await visit(ada, await address('trip-1042'));
  await shows(ada, 'parked forward', 'What it waits for', 'in 5', 'Given up', 'Timeline', 'done', 'refused', 'pivot: no way back after it');
  const graph = page.locator('svg.graph');
  check((await graph.locator('g.node').count()) === 5, 'the graph does not have five steps');
  check((await graph.locator('g.node.bad').textContent()).includes('refused'), 'the step that was refused is not drawn so');
  check((await graph.getAttribute('aria-label')).includes('tickets: refused'), 'the graph does not say in words what it shows');

  begin('trying again says what will happen, asks who it is, and does it');
  await BUTTON(page, 'Try again').click();
  await dialog(ada).waitFor();
  check((await dialog(ada).innerText()).includes('tickets is sent again'), 'the dialogue does not say what will happen');
  await page.keyboard.press('Escape');
  check((await dialog(ada).count()) === 0, 'Escape does not close the dialogue');
  await BUTTON(page, 'Try again').click();
  await page.getByLabel('Who you are').fill('ada');
  await page.getByLabel('Why (may be left empty)').fill('paper is in');
  const asked = await page.locator('#pulse-words').innerText();
  await until('the page behind the dialogue to be brought up to date', async () => (await page.locator('#pulse-words').innerText()) !== asked);
  check((await page.getByLabel('Why (may be left empty)').inputValue()) === 'paper is in', 'what was typed into the dialogue is gone');
  await shot(ada, 'dialogue-1280-light');
  await dialog(ada).getByRole('button', { name: 'Try again' }).click();
  await shows(ada, 'completed', 'somebody deals with it');

  begin('counting a step as undone needs a reason, and the name is remembered');
  await visit(ada, await address('trip-1043'));
  await BUTTON(page, 'Count hotel as undone').click();
  check((await page.getByLabel('Who you are').inputValue()) === 'ada', 'the name was forgotten');
  await dialog(ada).getByRole('button', { name: 'Count hotel as undone' }).click();
  await page.waitForTimeout(200);
  check((await dialog(ada).count()) === 1, 'it was done without a reason');
  await page.getByLabel('Why').fill('called them');
  await dialog(ada).getByRole('button', { name: 'Count hotel as undone' }).click();
  await shows(ada, 'going back');

  begin('hostile names and payloads are text');
  await visit(ada, await address('trip-666'));
  await shows(ada, '<img src=x onerror=', 'shop/<img src=x');
  await visit(ada, '#/rooms?search=script');
  await shows(ada, '<script>window.harmed=1</script>');
  await page.getByRole('link', { name: '<img' }).click();
  await shows(ada, 'awake', 'Put to sleep');
  await visit(ada, '#/queues/mails/sender?state=dead');
  await page.getByText('Payload').last().click();
  await shows(ada, '<img src=x onerror=');
  check((await page.evaluate(() => window.harmed)) === undefined, 'a name was run');
  check((await page.locator('main img, main script').count()) === 0, 'a name became an element');

  begin('one message, and then all that were given up, are driven again');
  await page.getByRole('button', { name: 'Drive again' }).first().click();
  await dialog(ada).getByRole('button', { name: 'Drive again' }).click();
  await until('one message to be left', async () => (await page.getByRole('button', { name: 'Drive again' }).count()) === 1);
  await BUTTON(page, 'Drive all again').click();
  await dialog(ada).getByRole('button', { name: 'Drive all again' }).click();
  await shows(ada, 'There is none.');

  begin('purging is done only by who types the group’s name');
  await BUTTON(page, 'Purge').click();
  await page.getByLabel('To be sure').fill('senders');
  await dialog(ada).getByRole('button', { name: 'Purge' }).click();
  await dialog(ada).getByText('Type sender to go on.').waitFor();
  await page.getByLabel('To be sure').fill('sender');
  await dialog(ada).getByRole('button', { name: 'Purge' }).click();
  await closed(ada);

  begin('a refusal is told in words, and nothing is lost');
  ada.refused = true;
  await page.goto(`${origin}/#/sagas/shop/12/trip-1`);
  await page.locator('main .banner[role="alert"]').waitFor();
  check((await page.locator('main .banner[role="alert"]').innerText()).length > 10, 'the refusal has no words');

  begin('an address that cannot be is said to be none, and asked for once');
  let wrong = 0;
  page.on('response', (response) => (wrong += response.status() === 400 ? 1 : 0));
  await page.goto(`${origin}/#/rooms?state=dreaming`);
  await shows(ada, 'There is no such address', 'state');
  await page.waitForTimeout(4_000);
  check(wrong === 1, `the page asked ${wrong} times for what cannot be`);
  await visit(ada, '#/rooms?search=lisbon');
  await page.locator('#trouble').waitFor({ state: 'hidden' });
  ada.refused = false;

  begin('a room is put to sleep and woken');
  await page.getByRole('link', { name: 'trips/lisbon' }).click();
  await BUTTON(page, 'Put to sleep').click();
  await shows(ada, 'asleep', 'Wake');
  await BUTTON(page, 'Wake').click();
  await shows(ada, 'Put to sleep', 'it was used lately');

  const lisbon = `#/rooms/shop/${(await ask('/rooms/shop/trips/lisbon')).id}`;

  begin('a room’s connections are listed page by page, and one is closed with a code and a reason');
  await visit(ada, '#/rooms/shop/trips/lisbon');
  await shows(ada, 'Rings next', 'remind in 2 d', 'Connections', 'seat-1', '127.0.0.1:500', 'read only', 'parked', '20 of 45 shown');
  await page.getByRole('button', { name: 'Close connection 2', exact: true }).click();
  await dialog(ada).getByLabel('Code').fill('4403');
  await dialog(ada).getByLabel('Reason, for the client').fill('too loud');
  await shot(ada, 'close-1280-light');
  await dialog(ada).getByRole('button', { name: 'Close it' }).click();
  await shows(ada, '20 of 44 shown');
  await page.getByRole('link', { name: 'Next page' }).first().click();
  await shows(ada, 'seat-25', 'First page');

  begin('keys are found by how they begin, page by page, and seen as text, JSON and bytes');
  await visit(ada, lisbon);
  const rows = page.locator('section[data-key="Keys"] tbody tr');
  await shows(ada, 'itinerary', 'seat/001', 'system');
  check((await rows.filter({ hasText: 'system' }).getByRole('button').count()) === 0, 'a row of the system can be edited');
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('seat/02');
  await until('ten seats', async () => (await rows.count()) === 10);
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('itin');
  await until('the itinerary', async () => (await rows.count()) === 1);
  await rows.locator('summary').click();
  await page.getByRole('link', { name: 'JSON', exact: true }).click();
  await until('JSON with line breaks', async () => (await rows.locator('pre').innerText()).includes('"days": 3,\n'));
  await page.getByRole('link', { name: 'Hex', exact: true }).click();
  await until('bytes', async () => (await rows.locator('pre').innerText()).includes('00000000  7b 22 64 61'));

  begin('a value is changed as JSON only if it is some, and not if somebody else has changed it');
  await page.getByRole('button', { name: 'Edit itinerary' }).click();
  await dialog(ada).getByLabel('The value is').selectOption('JSON');
  await dialog(ada).getByLabel('Value', { exact: true }).fill('{"days": 4');
  await dialog(ada).getByRole('button', { name: 'Change' }).click();
  await dialog(ada).getByText('This is no JSON.').waitFor();
  await dialog(ada).getByLabel('Value', { exact: true }).fill('{"days": 4}');
  await shot(ada, 'edit-1280-light');
  await dialog(ada).getByRole('button', { name: 'Change' }).click();
  await shows(ada, '11 bytes');
  await page.getByRole('button', { name: 'Edit itinerary' }).click();
  await dialog(ada).getByLabel('Value', { exact: true }).fill('{"days": 5}');
  const meanwhile = await fetch(`${origin}/keys/shop/trips/lisbon?actor=ben`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ keys: [{ key: 'itinerary', text: 'mine' }] }),
  });
  check(meanwhile.ok, 'the other’s change was refused');
  ada.refused = true;
  await dialog(ada).getByRole('button', { name: 'Change' }).click();
  await dialog(ada).getByText('has changed since').waitFor();
  ada.refused = false;
  await page.keyboard.press('Escape');

  begin('a key is added as bytes, and deleted');
  await BUTTON(page, 'Add a key').click();
  await dialog(ada).getByLabel('Key', { exact: true }).fill('itin/raw');
  await dialog(ada).getByLabel('The value is').selectOption('Hex');
  await dialog(ada).getByLabel('Value', { exact: true }).fill('00 ff 0');
  await dialog(ada).getByRole('button', { name: 'Add', exact: true }).click();
  await dialog(ada).getByText('These are no bytes').waitFor();
  await dialog(ada).getByLabel('Value', { exact: true }).fill('00 ff 0d');
  await dialog(ada).getByRole('button', { name: 'Add', exact: true }).click();
  await until('the new key', async () => (await rows.count()) === 2);
  await page.getByRole('button', { name: 'Delete itin/raw' }).click();
  await dialog(ada).getByRole('button', { name: 'Delete', exact: true }).click();
  await until('the key to be gone', async () => (await rows.count()) === 1);

  begin('an alarm is deleted, and one rings now');
  await page.getByRole('button', { name: 'Delete alarm forget' }).click();
  await dialog(ada).getByRole('button', { name: 'Delete', exact: true }).click();
  await until('the alarm to be gone', async () => (await page.getByRole('button', { name: 'Delete alarm forget' }).count()) === 0);
  await page.getByRole('button', { name: 'Ring remind now' }).click();
  await dialog(ada).getByRole('button', { name: 'Ring now' }).click();
  await closed(ada);
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('rang');
  await until('the alarm to have rung', async () => (await rows.count()) === 1 && (await rows.innerText()).includes('remind'));

  begin('a room is aborted by who confirms it');
  await BUTTON(page, 'Abort').click();
  check((await dialog(ada).innerText()).includes('its connections stay'), 'the dialogue does not say what stays');
  await dialog(ada).getByRole('button', { name: 'Abort' }).click();
  await closed(ada);

  begin('hostile keys, tags and alarms are text');
  const { rooms: hostile } = await ask('/rooms?search=script');
  await visit(ada, `#/rooms/shop/${hostile[0].id}`);
  await shows(ada, '<img src=x onerror=');
  for (const summary of await page.locator('section[data-key="Keys"] summary').all()) await summary.click();
  for (const name of ['Edit <img', 'Delete <img', 'Close connection', 'Delete alarm <img']) {
    await page.getByRole('button', { name }).first().click();
    await dialog(ada).waitFor();
    await page.keyboard.press('Escape');
  }
  check((await page.evaluate(() => window.harmed)) === undefined, 'a name was run');
  check((await page.locator('main img, main script, dialog img, dialog script').count()) === 0, 'a name became an element');

  begin('a room with SQL is asked for its rows, which are text whatever they say');
  check((await page.locator('section[data-key="SQL"]').count()) === 0, 'a room without SQL has a console');
  const ledger = `#/rooms/ledgers/${(await ask('/rooms/ledgers/2026')).id}`;
  await visit(ada, ledger);
  const sql = page.locator('section[data-key="SQL"]');
  const statement = sql.getByLabel('Statement');
  const found = sql.locator('tbody tr');
  await shows(ada, 'they are under SQL, below');
  await BUTTON(page, 'Show its tables').click();
  await shows(ada, 'CREATE TABLE posting');
  check((await statement.inputValue()).includes('sqlite_schema'), 'the statement is not shown');
  await statement.fill('SELECT id, account, cents, note FROM posting ORDER BY id DESC');
  const pulse = await page.locator('#pulse-words').innerText();
  await until('the page around the statement to be brought up to date', async () => (await page.locator('#pulse-words').innerText()) !== pulse);
  check((await statement.inputValue()).startsWith('SELECT id, account'), 'what was typed is gone');
  check(await statement.evaluate((node) => node === document.activeElement), 'the statement has lost the focus');
  await page.keyboard.press('Control+Enter');
  await until('twelve rows', async () => (await found.count()) === 12);
  await shows(ada, '12 rows read', 'NULL', '9223372036854775807', '89 50 4e 47', '<img src=x onerror=');
  for (const summary of await sql.locator('summary').all()) await summary.click();
  await shows(ada, 'and more stamps, and glue');
  check((await page.evaluate(() => window.harmed)) === undefined, 'a value was run');
  check((await page.locator('main img, main script').count()) === 0, 'a value became an element');
  await shot(ada, 'sql-1280-light');

  begin('results and what is typed are there after a look elsewhere; what writes is refused');
  await visit(ada, '#/rooms');
  await visit(ada, ledger);
  await until('the rows to be there again', async () => (await found.count()) === 12 && (await statement.inputValue()).startsWith('SELECT id'));
  ada.refused = true;
  await statement.fill("DELETE FROM posting WHERE account = 'rent'");
  await BUTTON(page, 'Run').click();
  await shows(ada, 'Only statements that read are allowed here.');
  await until('the rows to be gone', async () => (await found.count()) === 0);
  await shot(ada, 'sql-refused-1280-light');

  begin('a statement writes only with the switch, and behind a dialogue');
  await sql.getByLabel('Let it write').check();
  await BUTTON(page, 'Run').click();
  check((await dialog(ada).innerText()).includes("DELETE FROM posting WHERE account = 'rent'"), 'the dialogue does not say what is run');
  check((await dialog(ada).innerText()).includes('built anew'), 'the dialogue does not say what happens to the room');
  await page.keyboard.press('Escape');
  await statement.fill("DELETE FROM posting WHERE account = 'rent' AND missing");
  await BUTTON(page, 'Run').click();
  await dialog(ada).getByRole('button', { name: 'Run' }).click();
  await dialog(ada).getByText('no such column').waitFor();
  await page.keyboard.press('Escape');
  ada.refused = false;
  await statement.fill("DELETE FROM posting WHERE account = 'rent'");
  await BUTTON(page, 'Run').click();
  await shot(ada, 'sql-write-1280-light');
  await dialog(ada).getByRole('button', { name: 'Run' }).click();
  await closed(ada);
  await shows(ada, '9 rows written');
  await until('the switch to be off again', async () => !(await sql.getByLabel('Let it write').isChecked()));
  await statement.fill('SELECT count(*) AS left_over FROM posting');
  await BUTTON(page, 'Run').click();
  await until('three to be left', async () => (await found.count()) === 1 && (await found.innerText()).trim() === '3');

  begin('every view looks as it should, wide and narrow, light and dark');
  const views = { overview: '#/', sagas: '#/sagas?status=parked', saga: await address('trip-1044'), definitions: '#/definitions', queues: '#/queues', group: '#/queues/mails/sender', rooms: '#/rooms?state=awake', room: `#/rooms/shop/${(await ask('/rooms/shop/trips/oslo')).id}`, stored: lisbon, hostile: `#/rooms/shop/${hostile[0].id}`, ledger };
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 700, 390]) {
      const someone = await person(`${width} ${colorScheme}`, '#0f7672', { viewport: { width, height: 820 }, colorScheme });
      await signIn(someone);
      for (const [name, hash] of Object.entries(views)) {
        await visit(someone, hash);
        await someone.page.locator('main h1').waitFor();
        if (name === 'ledger') {
          const box = someone.page.locator('section[data-key="SQL"]');
          await box.getByLabel('Statement').fill('SELECT id, account, cents, note, type, tbl_name, sql FROM posting, sqlite_schema');
          await someone.page.evaluate(() => localStorage.setItem('dormouse.actor', 'ada'));
          await box.getByRole('button', { name: 'Run' }).click();
          await box.locator('tbody tr').first().waitFor();
          await box.scrollIntoViewIfNeeded();
        }
        const over = await someone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(over <= 0, `${name} is ${over} px wider than ${width}`);
        const hidden = await someone.page.evaluate(() => [...document.querySelectorAll('section[data-key="Alarms"] button, section[data-key="Connections"] button')].filter((button) => button.getBoundingClientRect().right > innerWidth).length);
        check(hidden === 0, `${hidden} buttons of ${name} are out of sight at ${width}`);
        await shot(someone, `${name}-${width}-${colorScheme}`);
      }
      await someone.context.close();
    }
  }
}

await play(run, 'The inspector’s page holds what it promises.');
