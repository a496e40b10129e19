/**
 * What this browser remembers between visits. Storage may be switched off or full: then nothing is
 * remembered, and nothing else changes.
 */

/** The stored value, or `fallback` when there is none or it cannot be read. */
export function recall(key, fallback) {
  try {
    const text = localStorage.getItem(`dormouse.${key}`);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`dormouse.${key}`, JSON.stringify(value));
  } catch {
    // Private windows and full storage refuse; the page works without.
  }
}
