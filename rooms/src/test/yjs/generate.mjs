/**
 * Plays seeded histories with the real yjs and writes what it answers, for the codec to give the same.
 *
 *   node generate.mjs <file.gz> [first seed] [number of histories]
 */
import * as Y from 'yjs'
import fs from 'node:fs'
import zlib from 'node:zlib'
import { play } from './history.mjs'
import { Random } from './random.mjs'

/** Bytes of the file: see README.md. */
class Writer {
  constructor() {
    this.chunks = []
  }

  number(n) {
    const bytes = []
    for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) | 128)
    bytes.push(n)
    this.chunks.push(Buffer.from(bytes))
  }

  bytes(array) {
    this.number(array.length)
    this.chunks.push(Buffer.from(array))
  }

  list(items, write) {
    this.number(items.length)
    items.forEach(write)
  }
}

/** Gives each different array of bytes of a history a number. */
class Blobs {
  constructor() {
    this.all = []
    this.numbers = new Map()
  }

  number(bytes) {
    const key = Buffer.from(bytes).toString('latin1')
    if (!this.numbers.has(key)) {
      this.numbers.set(key, this.all.length)
      this.all.push(bytes)
    }
    return this.numbers.get(key)
  }
}

const kindOf = struct => (struct instanceof Y.GC ? 0 : struct instanceof Y.Skip ? 10 : struct.content.getRef())

/** What an update holds, as text with one line for each struct and delete range. */
const listing = update => {
  const { structs, ds } = Y.decodeUpdate(update)
  const lines = structs.map(s => `${kindOf(s)} ${s.id.client} ${s.id.clock} ${s.length}\n`)
  for (const [client, ranges] of ds.clients) for (const r of ranges) lines.push(`d ${client} ${r.clock} ${r.len}\n`)
  return lines.join('')
}

/** Every clock and every deleted clock of an update, one by one. */
const atoms = update => {
  const found = new Set()
  const { structs, ds } = Y.decodeUpdate(update)
  for (const s of structs) {
    if (!(s instanceof Y.Skip)) for (let i = 0; i < s.length; i++) found.add(`${s.id.client}:${s.id.clock + i}`)
  }
  for (const [client, ranges] of ds.clients) {
    for (const r of ranges) for (let i = 0; i < r.len; i++) found.add(`d${client}:${r.clock + i}`)
  }
  return found
}

const isNew = (stored, update) => {
  const known = atoms(stored)
  const verdict = [...atoms(update)].some(atom => !known.has(atom))
  if (!verdict) {
    // A document must agree: with nothing new, applying changes nothing.
    const doc = new Y.Doc()
    Y.applyUpdate(doc, stored)
    const before = atoms(Y.encodeStateAsUpdate(doc))
    Y.applyUpdate(doc, update)
    const after = atoms(Y.encodeStateAsUpdate(doc))
    if (before.size !== after.size) throw new Error('yjs finds something new where nothing is')
  }
  return verdict
}

/** One byte flipped, removed or added. */
const mutated = (random, bytes) => {
  const at = random.below(bytes.length)
  const result = [...bytes]
  const dice = random.below(3)
  if (dice === 0) result[at] ^= 1 << random.below(8)
  else if (dice === 1) result.splice(at, 1)
  else result.splice(at, 0, random.below(256))
  return new Uint8Array(result)
}

const yjsRefuses = update => {
  try {
    Y.decodeUpdate(update)
    return false
  } catch {
    return true
  }
}

/** Clocks anywhere below the real ones, so that diffs cut through words and surrogate pairs. */
const randomVector = (random, vector) => {
  const clocks = new Map()
  for (const [client, clock] of Y.decodeStateVector(vector)) {
    if (random.chance(0.8)) clocks.set(client, random.below(clock + 2))
  }
  return Y.encodeStateVector(clocks)
}

/**
 * Where a piece and its collected form meet, the order of yjs depends on how Array.sort works, which is
 * repeated by the codec for as many inputs as this at most. Neighbouring updates alone never meet so.
 */
const FEW = 60

const vectorsOf = seed => {
  const random = new Random(seed)
  const { updates, midway, before, states, clocks } = play(random)
  const some = share => updates.filter(() => random.chance(share))
  const merges = [
    updates,
    random.shuffled(updates),
    some(0.6),
    [midway.state, ...some(0.5).slice(0, FEW)],
    [Y.mergeUpdates(some(0.6)), Y.mergeUpdates(random.shuffled(some(0.7))), Y.mergeUpdates(updates.slice(-4))],
    random.shuffled([...states, ...some(0.3)].slice(0, FEW)),
  ].map(inputs => ({ inputs, merged: Y.mergeUpdates(inputs) }))
  const diffs = merges
    .filter(() => random.chance(0.7))
    .map(({ merged }) => {
      const known = random.pick([midway.vector, before, randomVector(random, clocks), randomVector(random, clocks)])
      return { update: merged, known, diff: Y.diffUpdate(merged, known) }
    })
  const novelties = [2, 3].flatMap(i => {
    const stored = merges[i].merged
    return [random.pick(updates), random.pick(states), Y.diffUpdate(stored, randomVector(random, clocks))].map(update => ({
      stored,
      update,
      verdict: isNew(stored, update),
    }))
  })
  const mutants = Array.from({ length: 4 }, () => mutated(random, random.pick(updates)))
  return { seed, updates, merges, diffs, novelties, mutants }
}

const write = (out, { seed, updates, merges, diffs, novelties, mutants }) => {
  const blobs = new Blobs()
  const body = new Writer()
  const blob = bytes => body.number(blobs.number(bytes))
  body.list([...updates, merges.at(-1).merged], update => {
    blob(update)
    body.number(zlib.crc32(listing(update)))
  })
  body.list(merges, ({ inputs, merged }) => {
    body.list(inputs, blob)
    blob(merged)
    blob(Y.encodeStateVectorFromUpdate(merged))
  })
  body.list(diffs, ({ update, known, diff }) => [update, known, diff].forEach(blob))
  body.list(novelties, ({ stored, update, verdict }) => {
    blob(stored)
    blob(update)
    body.number(verdict ? 1 : 0)
  })
  body.list(mutants, mutant => {
    blob(mutant)
    body.number(yjsRefuses(mutant) ? 1 : 0)
  })
  out.number(seed)
  out.list(blobs.all, bytes => out.bytes(bytes))
  out.chunks.push(...body.chunks)
}

const [file, firstSeed = '1', count = '2000'] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node generate.mjs <file.gz> [first seed] [number of histories]')
  process.exit(2)
}
const out = new Writer()
out.number(Number(count))
for (let seed = Number(firstSeed); seed < Number(firstSeed) + Number(count); seed++) write(out, vectorsOf(seed))
const bytes = zlib.gzipSync(Buffer.concat(out.chunks), { level: 9, memLevel: 9 })
fs.writeFileSync(file, bytes)
console.log(`${count} histories from seed ${firstSeed}: ${bytes.length} bytes`)
