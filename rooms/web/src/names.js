/**
 * Names of documents and of guests. A document's name is part of its room's address, so it may hold
 * only what survives a URL path unchanged in every browser, proxy and server.
 */

const LONGEST = 120;
const ALLOWED = /^[\p{L}\p{M}\p{N}._~/-]+$/u;

/** Whether `name` can be the rest of a room's path: no empty and no dot segments, no odd characters. */
export function isDocumentName(name) {
  return (
    name.length <= LONGEST &&
    ALLOWED.test(name) &&
    name.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

/** What someone typed, made into a document's name; may still be none, so ask `isDocumentName`. */
export function toDocumentName(typed) {
  return typed
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}._~/-]+/gu, '-')
    .replace(/^[-/]+|[-/]+$/g, '');
}

/** The name in a page's query: `null` when it names none. */
export function documentIn(search) {
  const name = new URLSearchParams(search).get('doc');
  return name === null || name === '' ? null : name.normalize('NFC');
}

/** Percent-encoded as a path, slashes kept. The sync client puts it into its URL as it is. */
export function asPath(name) {
  return name.split('/').map(encodeURIComponent).join('/');
}

export function addressOf(name) {
  return `./?doc=${asPath(name)}`;
}

const MOODS = 'amber autumn brindled calm drowsy dusky early fallow gentle golden hidden hushed late mellow misty mossy muted nestled quiet russet silver sleepy slow snug soft still sunlit tawny tender velvet warm winter'.split(' ');
const PLACES = 'acorn alder aspen bark beech birch bramble burrow catkin clover copse elder fern glade hazel heath hollow ivy larch leaf lichen maple meadow moss nest nettle orchard rowan sorrel thicket thistle willow'.split(' ');
const GUESTS = 'Badger Beaver Blackbird Bumblebee Dormouse Dragonfly Finch Fox Hare Hedgehog Heron Jackdaw Kingfisher Ladybird Lark Lynx Marten Mole Moth Newt Nightingale Otter Owl Puffin Rabbit Robin Shrew Sparrow Squirrel Starling Stoat Swallow Toad Vole Weasel Wren'.split(' ');
const CHARACTERS = 'Brave Bright Calm Cheerful Clever Curious Dreamy Gentle Happy Kind Lively Merry Nimble Patient Playful Polite Quick Quiet Sleepy Sunny Thoughtful Warm Witty Young'.split(' ');

// No vowels and no look-alikes: no words by chance, nothing to misread.
const TAIL = 'bcdfghjkmnpqrstvwxz23456789';

function pick(choices) {
  return choices[crypto.getRandomValues(new Uint32Array(1))[0] % choices.length];
}

/** A name nobody has yet, as far as chance goes: two words and six characters, about 4 · 10¹¹ names. */
export function freshDocumentName() {
  const tail = Array.from({ length: 6 }, () => pick(TAIL)).join('');
  return `${pick(MOODS)}-${pick(PLACES)}-${tail}`;
}

export function guestName() {
  return `${pick(CHARACTERS)} ${pick(GUESTS)}`;
}

/** At most two letters that stand for a name in a small circle. */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join('');
}
