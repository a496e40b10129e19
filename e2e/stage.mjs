/**
 * What the plays in a browser share: the people, each with a context of their own, and the frame in
 * which a play runs. Any error in a page, and any request to another origin, is a failure.
 *
 * Options of every play: `--url http://127.0.0.1:PORT [--chromium /usr/bin/chromium] [--shots DIR]
 * [--seed N] [--limit SECONDS] [--token TOKEN]`.
 */

import { createHmac } from 'node:crypto';
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
    token: { type: 'string', default: '' },
  },
});
if (options.url === undefined) {
  console.error('needed: --url http://127.0.0.1:PORT; possible: --chromium PATH --shots DIR --seed N --limit SECONDS');
  process.exit(1);
}

export const origin = new URL(options.url).origin;
/** What the inspector’s page asks for; empty for nothing. */
export const token = options.token;
export const WAIT_MS = 15_000;

/** A token that ends so soon, by the secret that `--token` is. */
export function signed(seconds, ...grants) {
  const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${text({ alg: 'HS256' })}.${text({ sub: 'ann', exp: Math.floor(Date.now() / 1000) + seconds, dormouse: grants })}`;
  return `${head}.${createHmac('sha256', token).update(head).digest('base64url')}`;
}

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

/** A whole number below another, drawn from the seed. */
export const below = seeded(Number(options.seed));

const faults = [];
let browser;
let step = 'starting the browser';

export function begin(what) {
  step = what;
  console.log(`· ${what}`);
}

export function check(holds, message) {
  if (!holds) throw new Error(message);
}

/** A person: a context of their own, so that nothing reaches the other but through the server. */
export async function person(name, color, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...settings });
  context.setDefaultTimeout(WAIT_MS);
  await context.addInitScript((me) => localStorage.setItem('dormouse.me', JSON.stringify(me)), { name, color });
  const page = await context.newPage();
  const someone = { name, context, page, offline: false, refused: false };
  page.on('pageerror', (error) => faults.push(`error in ${name}’s page: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (someone.offline && message.text().includes('ERR_INTERNET_DISCONNECTED')) return;
    if (someone.refused && message.text().includes('responded with a status of 4')) return;
    faults.push(`${message.type()} in ${name}’s console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) faults.push(`${name}’s page asked another origin: ${url}`);
  });
  return someone;
}

export const textOf = ({ page }) => page.evaluate(() => window.dormouse.view.state.doc.toString());
export const sharedTextOf = ({ page }) => page.evaluate(() => window.dormouse.doc.getText('text').toString());

export async function until(what, holds) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s for: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

export async function synced({ page, name }) {
  await page.waitForFunction(() => window.dormouse?.provider.synced === true).catch(() => {
    throw new Error(`${name}’s page did not get in sync with the server within ${WAIT_MS / 1000} s`);
  });
}

export async function open(someone, address) {
  await someone.page.goto(address);
  await synced(someone);
}

export async function putCaret({ page }, at) {
  await page.evaluate((index) => {
    const { view } = window.dormouse;
    view.focus();
    view.dispatch({ selection: { anchor: Math.min(index, view.state.doc.length) } });
  }, at);
}

export async function shot({ page }, name) {
  if (options.shots !== undefined) await page.screenshot({ path: join(options.shots, `${name}.png`) });
}

/** Runs a play: exit code 0 when all holds, 1 with what did not. Ends by itself after `--limit`. */
export async function play(run, promise) {
  let timer;
  const act = async () => {
    if (options.shots !== undefined) mkdirSync(options.shots, { recursive: true });
    console.log(`seed ${options.seed}`);
    browser = await chromium.launch({
      executablePath: options.chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    });
    await run();
    check(faults.length === 0, `the pages reported ${faults.length} faults`);
  };
  try {
    await Promise.race([
      act(),
      new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`not done after ${options.limit} s`)), Number(options.limit) * 1000);
      }),
    ]);
    console.log(promise);
  } catch (error) {
    console.error(`FAILED while: ${step} (seed ${options.seed})\n${error.message}`);
    process.exitCode = 1;
  } finally {
    clearTimeout(timer);
    for (const fault of faults) console.error(`  ${fault}`);
    await Promise.race([browser?.close(), new Promise((done) => setTimeout(done, 5000).unref())]).catch(() => {});
  }
  process.exit(process.exitCode ?? 0);
}
