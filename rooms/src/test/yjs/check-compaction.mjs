/**
 * Asks the real yjs whether compacted updates mean what the originals mean.
 *
 *   node check-compaction.mjs <file.gz written by CompactionSamples>
 */
import * as Y from 'yjs'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import zlib from 'node:zlib'
import { Random } from './random.mjs'

class Reader {
  constructor(buffer) {
    this.buffer = buffer
    this.at = 0
  }

  number() {
    let n = 0
    for (let unit = 1; ; unit *= 128) {
      const b = this.buffer[this.at++]
      n += (b & 127) * unit
      if (b < 128) return n
    }
  }

  bytes() {
    const length = this.number()
    return new Uint8Array(this.buffer.subarray(this.at, (this.at += length)))
  }

  list(read) {
    return Array.from({ length: this.number() }, read)
  }
}

const docOf = (gc, ...updates) => {
  const doc = new Y.Doc({ gc })
  updates.forEach(update => Y.applyUpdate(doc, update))
  return doc
}

const sorted = value => {
  if (typeof value === 'bigint') return `${value}n`
  if (value === undefined) return 'undefined'
  if (value instanceof Uint8Array) return `bytes ${value}`
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? '-0' : value
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]))
}

/** Everything a reader sees, in comparable form; equal neighbours of a text joined. */
const visible = value => {
  if (value instanceof Y.Doc) return `doc ${value.guid}`
  if (value instanceof Y.XmlText || value instanceof Y.Text) {
    const parts = []
    for (const { insert, attributes } of value.toDelta()) {
      const style = JSON.stringify(sorted(attributes ?? {}))
      const last = parts.at(-1)
      if (last && last.style === style && typeof insert === 'string' && typeof last.insert === 'string') last.insert += insert
      else parts.push({ insert: typeof insert === 'string' ? insert : visible(insert), style })
    }
    return parts
  }
  if (value instanceof Y.Map) return Object.fromEntries([...value.keys()].sort().map(key => [key, visible(value.get(key))]))
  if (value instanceof Y.XmlElement) return [value.nodeName, sorted(value.getAttributes()), value.toArray().map(visible)]
  if (value instanceof Y.XmlFragment || value instanceof Y.Array) return value.toArray().map(visible)
  return sorted(value)
}

const content = doc => ({
  text: visible(doc.getText('text')),
  list: visible(doc.getArray('list')),
  map: visible(doc.getMap('map')),
  xml: visible(doc.getXmlFragment('xml')),
  old: visible(doc.getArray('old')),
  vector: [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort((a, b) => a[0] - b[0]),
})

/** Changes by someone who has what `base` says, made at random places. */
const edits = (random, base) => {
  const doc = docOf(false, base)
  doc.clientID = 4_000_000_000 + random.below(1000)
  const before = Y.encodeStateVector(doc)
  doc.transact(() => {
    const text = doc.getText('text')
    for (let i = 0; i < 3; i++) text.insert(random.below(text.length + 1), 'new')
    if (text.length > 4) text.delete(random.below(text.length - 3), 2)
    const list = doc.getArray('list')
    list.insert(random.below(list.length + 1), ['new'])
    if (list.length > 2) list.delete(random.below(list.length - 1), 1)
    doc.getMap('map').set('a', 'new')
  })
  return Y.encodeStateAsUpdate(doc, before)
}

/** Halves of surrogate pairs and what replaces them: yjs itself does not converge on them. */
const hasHalves = doc => /\ufffd/.test(JSON.stringify(content(doc)))

const reader = new Reader(zlib.gunzipSync(fs.readFileSync(process.argv[2])))
let checked = 0
let apart = 0
let originalBytes = 0
let compactedBytes = 0
const samples = reader.list(() => ({
  seed: reader.number(),
  inputs: reader.list(() => reader.bytes()),
  original: reader.bytes(),
  compacted: reader.bytes(),
}))
for (const { seed, inputs, original, compacted } of samples) {
  const random = new Random(seed)
  const half = inputs.filter(() => random.chance(0.5))
  const more = edits(random, original)
  originalBytes += original.length
  compactedBytes += compacted.length
  for (const gc of [true, false]) {
    const pairs = [
      ['alone', [original], [compacted]],
      ['over the original', [original], [original, compacted]],
      ['under the original', [original], [compacted, original]],
      ['over half of the updates', [...half, original], [...half, compacted]],
      ['under all updates', [original, ...inputs], [compacted, ...inputs]],
      ['with later edits', [original, more], [compacted, more]],
      ['with edits before', [more, original], [more, compacted]],
    ]
    for (const [name, these, those] of pairs) {
      const expected = docOf(gc, ...these)
      const actual = docOf(gc, ...those)
      checked++
      try {
        assert.deepEqual(content(actual), content(expected))
      } catch (difference) {
        if (!hasHalves(actual) && !hasHalves(expected)) {
          console.error(`seed ${seed}, ${name}, gc ${gc}: ${difference.message}`)
          process.exit(1)
        }
        apart++
      }
    }
  }
}
console.log(
  `${samples.length} compactions, ${checked} comparisons: no difference in content` +
    ` (${apart} left out: halves of surrogate pairs, on which yjs differs from itself);` +
    ` ${originalBytes} bytes became ${compactedBytes}`,
)
