/** Who is here: the faces in the bar, the list behind them, and one's own name and colour. */

import { byId, element, face } from './dom.js';
import { COLORS, loadMe, saveMe, trusted } from './me.js';
import { initials } from './names.js';

const FACES = 4;

/** `onGoTo(client)` is called when somebody picks a peer to look at. */
export function showPeople(awareness, onGoTo) {
  const me = loadMe();
  const button = byId('people-button');
  const myName = byId('my-name');

  const publish = () => awareness.setLocalStateField('user', { name: me.name, color: me.color, colorLight: `${me.color}33` });

  const others = () =>
    [...awareness.getStates()]
      .filter(([client, state]) => client !== awareness.clientID && state.user)
      .map(([client, state]) => ({ client, user: trusted(state.user), placed: Boolean(state.cursor) }))
      .sort((a, b) => a.client - b.client);

  let drawn = '';
  const draw = () => {
    const peers = others();
    const now = JSON.stringify([me, peers]);
    if (now === drawn) return; // awareness also changes with every key; the faces do not
    drawn = now;

    const hidden = Math.max(0, peers.length - (FACES - 1));
    const shown = hidden > 0 ? peers.slice(0, FACES - 2) : peers;
    const more = peers.length - shown.length;
    const mine = face(me, initials(me.name));
    mine.classList.add('face-me');
    button.replaceChildren(
      ...(more > 0 ? [element('span', { className: 'face face-more', textContent: `+${more}` })] : []),
      ...shown.map(({ user }) => face(user, initials(user.name))).reverse(),
      mine,
    );
    button.setAttribute('aria-label', `Who is here: you${peers.map(({ user }) => `, ${user.name}`).join('')}`);

    const myFace = byId('my-face');
    myFace.textContent = initials(me.name);
    myFace.style.setProperty('--who', me.color);
    byId('others').replaceChildren(
      ...(peers.length === 0
        ? [element('li', { className: 'quiet', textContent: 'Nobody else yet. Share the link and they will appear.' })]
        : peers.map(({ client, user, placed }) => {
            const entry = element('button', { type: 'button', className: 'entry', disabled: !placed }, face(user, initials(user.name)), element('span', { className: 'entry-name', textContent: user.name }));
            if (placed) entry.append(element('span', { className: 'entry-hint', textContent: 'Go to cursor' }));
            entry.addEventListener('click', () => {
              byId('people').hidePopover();
              onGoTo(client);
            });
            return element('li', {}, entry);
          })),
    );
  };

  const become = (change) => {
    Object.assign(me, change);
    saveMe(me);
    publish();
    draw();
  };

  myName.value = me.name;
  myName.addEventListener('input', () => {
    if (myName.value.trim() !== '') become({ name: myName.value.trim() });
  });
  myName.addEventListener('blur', () => {
    myName.value = me.name; // an emptied field goes back to the name that holds
  });
  myName.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') byId('people').hidePopover();
  });
  byId('my-color').append(
    ...COLORS.map(({ color, name }) => {
      const choice = element('input', { type: 'radio', name: 'color', value: color, checked: color === me.color, ariaLabel: name, title: name });
      choice.style.setProperty('--who', color);
      choice.addEventListener('change', () => become({ color }));
      return choice;
    }),
  );

  awareness.on('change', draw);
  publish();
  draw();
}
