/** Who writes at this browser: a name and a colour, made up on the first visit and then kept. */

import { guestName } from './names.js';
import { recall, remember } from './store.js';

/** Dark enough for white letters on them (4.5 : 1), and apart from each other. */
export const COLORS = [
  { color: '#b4502a', name: 'Rust' },
  { color: '#a8324e', name: 'Raspberry' },
  { color: '#9a3a94', name: 'Heather' },
  { color: '#6d4fc4', name: 'Violet' },
  { color: '#3f62c9', name: 'Bluebell' },
  { color: '#1f74a3', name: 'Kingfisher' },
  { color: '#0f7672', name: 'Teal' },
  { color: '#37783a', name: 'Fern' },
  { color: '#756712', name: 'Lichen' },
  { color: '#8a5a33', name: 'Hazel' },
];

const LONGEST = 32;

/** A peer's words about itself are not to be trusted: cut, and nothing but a plain colour let in. */
export function trusted(user) {
  const name = typeof user?.name === 'string' ? user.name.trim().slice(0, LONGEST) : '';
  const color = typeof user?.color === 'string' && /^#[0-9a-f]{6}$/i.test(user.color) ? user.color : '#6b6259';
  return { name: name === '' ? 'Somebody' : name, color };
}

export function loadMe() {
  const known = recall('me', null);
  const me = {
    name: typeof known?.name === 'string' && known.name.trim() !== '' ? known.name.slice(0, LONGEST) : guestName(),
    color: COLORS.some(({ color }) => color === known?.color)
      ? known.color
      : COLORS[crypto.getRandomValues(new Uint8Array(1))[0] % COLORS.length].color,
  };
  remember('me', me);
  return me;
}

export function saveMe(me) {
  remember('me', me);
}
