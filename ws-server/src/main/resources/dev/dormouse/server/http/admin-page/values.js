/** Values of keys, as text, as JSON and as bytes. */

/** How a value can be shown and written. */
export const VIEWS = { text: 'Text', json: 'JSON', hex: 'Hex' };

/** How many bytes are shown at once. */
const MOST = 65_536;
const LINE = 16;

/** The bytes of an entry, which has a text or else Base64. */
export const bytesOf = ({ text, base64 }) => (text === undefined ? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) : new TextEncoder().encode(text));

export const base64Of = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** The bytes of hexadecimal digits; null if they are none. */
export function bytesOfHex(text) {
  const digits = text.replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) return null;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** JSON with line breaks; null if the text is none. Numbers stay as they were written only as text. */
export function pretty(text) {
  if (text === undefined) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

/** Bytes by lines of sixteen: where they are, their digits, and their characters where they have one. */
export function dump(bytes) {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, MOST); at += LINE) {
    const some = bytes.subarray(at, at + LINE);
    const seen = Array.from(some, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hexOf(some).padEnd(LINE * 3 - 1)}  ${seen}`);
  }
  if (bytes.length > MOST) lines.push(`… and ${(bytes.length - MOST).toLocaleString('en')} bytes more`);
  return lines.join('\n');
}
