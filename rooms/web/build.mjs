/**
 * Builds the page into the resources the server serves, or with `--check` only compares: then the
 * exit code is 1 when the committed files are not what the sources build to.
 */

import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const committed = resolve(here, '../src/main/resources/dev/dormouse/rooms/collab/web');

/** One bundle, one sheet, two files as they are, and the licences of what went into the bundle. */
async function buildInto(folder) {
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: { editor: 'src/main.js' },
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'iife',
    // The server's own, fetched from it.
    external: ['/access/*'],
    target: ['es2022', 'chrome114', 'firefox125', 'safari17'],
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
    banner: { js: '/* Dormouse editor, Apache-2.0. Parts by others: see licenses.txt */' },
  });
  await build({
    absWorkingDir: here,
    entryPoints: ['src/editor.css'],
    outdir: folder,
    minify: true,
    target: ['chrome114', 'firefox125', 'safari17'],
    charset: 'utf8',
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'icon.svg']) {
    await writeFile(join(folder, name), await readFile(join(here, 'src', name)));
  }
  await writeFile(join(folder, 'licenses.txt'), await licensesOf(Object.keys(metafile.inputs)));
}

/** Two copies of Yjs in one page do not understand each other's types, so a second one is an error. */
async function licensesOf(inputs) {
  const packages = [...new Set(inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean))].sort();
  const nested = inputs.find((path) => path.indexOf('node_modules/') !== path.lastIndexOf('node_modules/'));
  if (nested !== undefined) throw new Error(`a second copy of a package is in the bundle: ${nested}`);
  const texts = [];
  for (const name of packages) {
    const root = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const file = (await readdir(root)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} ${version} (${license}) has no licence file to pass on`);
    const text = (await readFile(join(root, file), 'utf8')).replace(/\r\n/g, '\n').trim();
    texts.push(`${name} ${version} (${license})\n\n${text}\n`);
  }
  return `editor.js contains the following packages.\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

async function differences() {
  const fresh = await mkdtemp(join(tmpdir(), 'dormouse-editor-'));
  try {
    await buildInto(fresh);
    const names = new Set([...(await readdir(fresh)), ...(await readdir(committed).catch(() => []))]);
    const found = [];
    for (const name of [...names].sort()) {
      const [want, have] = await Promise.all([fresh, committed].map((folder) => readFile(join(folder, name)).catch(() => null)));
      if (want === null) found.push(`${name} is committed, but the sources do not make it`);
      else if (have === null) found.push(`${name} is missing`);
      else if (!want.equals(have)) found.push(`${name} differs (${have.length} bytes committed, ${want.length} built)`);
    }
    return found;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (process.argv.includes('--check')) {
  const found = await differences();
  if (found.length > 0) {
    console.error(`The committed editor page is not what its sources build to:\n  ${found.join('\n  ')}\nRun: npm ci && npm run build (in ${here}), and commit the result.`);
    process.exitCode = 1;
  } else {
    console.log('The committed editor page is what its sources build to.');
  }
} else {
  await rm(committed, { recursive: true, force: true });
  await buildInto(committed);
  for (const name of (await readdir(committed)).sort()) {
    console.log(`${String((await readFile(join(committed, name))).length).padStart(8)}  ${name}`);
  }
}
