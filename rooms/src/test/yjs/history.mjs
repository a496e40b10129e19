/** A few people who edit one document at the same time, badly connected. */
import * as Y from 'yjs'

const WORDS = ['a', 'b ', 'dormouse', 'é', 'ß', '漢字', '🐭', 'x🐭y🐹', '\n', 'the rain in Spain', '\ufeff.']
const VALUES = [
  0, -0, 1, -1, 63, -64, 64, 8191, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, Number.MAX_SAFE_INTEGER,
  0.5, 0.1, -1e-300, NaN, Infinity, null, true, false, '', 'word', '🐭',
  [], {}, [1, [2, ['three']]], { deep: { deeper: [{ deepest: null }] } }, { gone: undefined },
  { '2': 'b', '1': 'a', z: 0 },
]
const STYLES = [{ bold: true }, { bold: null }, { em: {} }, { link: { href: 'https://é' } }, { size: 1.5 }]

const newType = random =>
  random.pick([
    () => new Y.Map([['in', random.pick(VALUES)]]),
    () => Y.Array.from([1, 'two']),
    () => new Y.Text('text'),
    () => new Y.XmlElement('p'),
    () => new Y.XmlText('words'),
    () => new Y.XmlFragment(),
    () => new Y.XmlHook('hook'),
  ])()

/** Yjs takes neither alone, but both in a list or object. */
const ODD = [[undefined], [12345678901234567n, -1n], { u: undefined, n: 5n }]

const newValue = random => {
  const dice = random.below(20)
  if (dice < 3) return newType(random)
  if (dice === 3) {
    const options = random.pick([{}, { autoLoad: true }, { gc: false }, { meta: { title: 'é', n: 1 } }])
    return new Y.Doc({ guid: `sub-${random.below(1000)}`, ...options })
  }
  if (dice === 4) return new Uint8Array([random.below(256), 0, 255])
  if (dice === 5) return random.pick(ODD)
  return random.pick(VALUES)
}

/** A place in the text that is not inside a surrogate pair, where Yjs itself does not converge. */
const placeIn = (random, text) => {
  const place = random.below(text.length + 1)
  const unit = text.toString().charCodeAt(place)
  return unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place
}

/** A start and a length inside of the text or list, or null if it is empty. */
const rangeIn = (random, length, longest) => {
  if (length === 0) return null
  const start = random.below(length)
  return [start, 1 + random.below(Math.min(longest, length - start))]
}

/** The list content that older editors wrote; nothing writes it today. */
const insertLegacyList = (random, transaction, list) => {
  const doc = transaction.doc
  const last = list.length === 0 ? null : [...iterate(list)].at(-1)
  const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
  const content = new Y.ContentJSON([1, { a: 'é' }, undefined, 'z'].slice(0, 1 + random.below(4)))
  new Y.Item(id, last, last && last.lastId, null, null, list, null, content).integrate(transaction, 0)
}

function* iterate(list) {
  for (let item = list._start; item !== null; item = item.right) yield item
}

const ACTIONS = {
  type: (random, doc) => {
    const text = doc.getText('text')
    text.insert(placeIn(random, text), random.pick(WORDS))
  },
  erase: (random, doc) => {
    const text = doc.getText('text')
    const from = placeIn(random, text)
    const to = placeIn(random, text)
    if (from !== to) text.delete(Math.min(from, to), Math.min(9, Math.abs(to - from)))
  },
  style: (random, doc) => {
    const text = doc.getText('text')
    const range = rangeIn(random, text.length, 12)
    if (range) text.format(...range, random.pick(STYLES))
  },
  embed: (random, doc) => {
    const text = doc.getText('text')
    text.insertEmbed(placeIn(random, text), { image: 'é.png', n: random.below(9) })
  },
  insert: (random, doc) => {
    const list = doc.getArray('list')
    const values = Array.from({ length: 1 + random.below(4) }, () => newValue(random))
    list.insert(random.below(list.length + 1), values)
  },
  remove: (random, doc) => {
    const list = doc.getArray('list')
    const range = rangeIn(random, list.length, 3)
    if (range) list.delete(...range)
  },
  set: (random, doc) => {
    doc.getMap('map').set(random.pick(['a', 'b', 'ключ', '']), newValue(random))
  },
  unset: (random, doc) => {
    doc.getMap('map').delete(random.pick(['a', 'b', 'ключ']))
  },
  nest: (random, doc) => {
    for (const value of doc.getArray('list').toArray().concat([...doc.getMap('map').values()])) {
      if (value instanceof Y.Map) value.set(random.pick(['x', 'y']), random.pick(VALUES))
      else if (value instanceof Y.Text) value.insert(value.length, random.pick(WORDS))
      else if (value instanceof Y.Array) value.push([newType(random)])
    }
  },
  xml: (random, doc) => {
    const root = doc.getXmlFragment('xml')
    const elements = root.toArray().filter(node => node instanceof Y.XmlElement)
    const parent = elements.length > 0 && random.chance(0.6) ? random.pick(elements) : root
    const node = random.chance(0.6) ? new Y.XmlElement(random.pick(['p', 'h1'])) : new Y.XmlText('t')
    parent.insert(random.below(parent.length + 1), [node])
    if (node instanceof Y.XmlElement) node.setAttribute('id', `n${random.below(99)}`)
  },
  prune: (random, doc) => {
    const root = doc.getXmlFragment('xml')
    const range = rangeIn(random, root.length, 2)
    if (range) root.delete(...range)
  },
  legacy: (random, doc, transaction) => insertLegacyList(random, transaction, doc.getArray('old')),
}

const HABITS = [
  { type: 6, erase: 3 },
  { type: 4, erase: 2, style: 3, embed: 1 },
  { insert: 4, remove: 2, nest: 1 },
  { set: 4, unset: 1, nest: 2 },
  { xml: 4, prune: 1 },
  { type: 2, erase: 1, style: 1, embed: 1, insert: 2, remove: 1, set: 2, unset: 1, nest: 1, xml: 2, prune: 1, legacy: 1 },
]

/** Different ones: a document that meets its own id in an update takes another, not from the seed. */
const newClientIds = (random, count) => {
  const ids = new Set()
  while (ids.size < count) {
    const dice = random.below(20)
    ids.add(dice < 4 ? random.below(300) : dice === 4 ? random.below(2 ** 53) : random.bits())
  }
  return [...ids]
}

/**
 * Plays one history.
 *
 * @returns updates: what each change sent, in order; midway: a state in the middle (bytes and state
 *     vector); states: what each person has at the end, some with garbage collected, some not
 */
export const play = random => {
  const updates = []
  const people = newClientIds(random, 2 + random.below(4)).map(id => {
    const doc = new Y.Doc({ gc: random.chance(0.6) })
    doc.clientID = id
    return { doc, inbox: [] }
  })
  for (const person of people) {
    person.doc.on('update', (update, origin) => {
      if (origin === 'network') return
      updates.push(update)
      for (const other of people) if (other !== person) other.inbox.push(update)
    })
  }
  const habit = Object.entries(random.pick(HABITS)).flatMap(([name, weight]) => Array(weight).fill(name))
  const steps = random.chance(0.02) ? 70 + random.below(60) : 6 + random.below(18)
  let midway = null
  for (let step = 0; step < steps; step++) {
    const person = random.pick(people)
    person.doc.transact(transaction => {
      for (let i = random.chance(0.2) ? 3 : 1; i > 0; i--) {
        ACTIONS[random.pick(habit)](random, person.doc, transaction)
      }
    })
    deliver(random, random.pick(people))
    if (step === steps >> 1) {
      const { doc } = random.pick(people)
      midway = { state: Y.encodeStateAsUpdate(doc), vector: Y.encodeStateVector(doc) }
    }
  }
  const last = people[0].doc
  if (updates.length === 0) last.getText('text').insert(0, 'a') // all they did was to delete nothing
  const before = Y.encodeStateVector(last)
  for (const { doc, inbox } of people) for (const update of inbox.splice(0)) Y.applyUpdate(doc, update, 'network')
  return { updates, midway, before, states: people.map(({ doc }) => Y.encodeStateAsUpdate(doc)), clocks: Y.encodeStateVector(last) }
}

/** Some of what waits arrives, now and then in the wrong order. */
const deliver = (random, { doc, inbox }) => {
  for (let n = random.below(inbox.length + 1); n > 0; n--) {
    const index = random.chance(0.2) ? random.below(inbox.length) : 0
    Y.applyUpdate(doc, inbox.splice(index, 1)[0], 'network')
  }
}
