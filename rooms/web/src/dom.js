/** The few words with which the page builds its elements. Text is always text, never markup. */

export function byId(id) {
  return document.getElementById(id);
}

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A circle with somebody's initials on somebody's colour. */
export function face({ name, color }, letters) {
  const made = element('span', { className: 'face', textContent: letters, title: name });
  made.style.setProperty('--who', color);
  return made;
}
