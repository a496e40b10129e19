/**
 * Where the others are. The binding's own remote cursors put a peer's colour into a style attribute
 * as it came and never redraw a changed name; these take only plain colours, and show the name for a
 * moment whenever its owner moves.
 *
 * The position travels as the binding sends it (`cursor: { anchor, head }`, relative positions), so
 * other editors on the same document understand it.
 */

import { Annotation } from '@codemirror/state';
import { Decoration, ViewPlugin, WidgetType } from '@codemirror/view';
import {
  compareRelativePositions,
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  createRelativePositionFromTypeIndex,
} from 'yjs';

import { trusted } from './me.js';

const peersChanged = Annotation.define();

/** A peer's position in the text as it is now; `null` when there is none or it makes no sense. */
function indexOf(position, text) {
  if (position === null || typeof position !== 'object') return null;
  try {
    const found = createAbsolutePositionFromRelativePosition(createRelativePositionFromJSON(position), text.doc);
    return found !== null && found.type === text ? found.index : null;
  } catch {
    // A malformed position from a foreign client: that peer has no cursor, the page goes on.
    return null;
  }
}

/** The index of a peer's caret, or `null`. */
export function caretOf(state, text) {
  return indexOf(state?.cursor?.head ?? null, text);
}

class Caret extends WidgetType {
  constructor(client, user, moved) {
    super();
    this.client = client;
    this.user = user;
    this.moved = moved;
  }

  // `moved` makes a new element, and so a new fading of the name, exactly when its owner moved.
  eq(other) {
    return (
      other.client === this.client &&
      other.moved === this.moved &&
      other.user.name === this.user.name &&
      other.user.color === this.user.color
    );
  }

  toDOM() {
    const caret = document.createElement('span');
    caret.className = 'peer-caret';
    caret.dataset.client = this.client;
    caret.style.setProperty('--who', this.user.color);
    const name = document.createElement('span');
    name.className = 'peer-name';
    name.textContent = this.user.name;
    caret.append('\u2060', name, '\u2060');
    caret.setAttribute('aria-hidden', 'true');
    return caret;
  }

  get estimatedHeight() {
    return -1;
  }

  ignoreEvent() {
    return true;
  }
}

class Cursors {
  constructor(view, text, awareness) {
    this.text = text;
    this.awareness = awareness;
    this.seen = new Map(); // client -> { at: its cursor as JSON, moved: how often it moved }
    this.decorations = Decoration.none;
    this.onChange = ({ added, updated, removed }) => {
      for (const client of removed) this.seen.delete(client);
      const others = [...added, ...updated, ...removed].some((client) => client !== awareness.clientID);
      if (others) view.dispatch({ annotations: peersChanged.of(true) });
    };
    awareness.on('change', this.onChange);
  }

  destroy() {
    this.awareness.off('change', this.onChange);
  }

  update(update) {
    this.tell(update);
    const shiftedOrMoved = update.docChanged || update.transactions.some((each) => each.annotation(peersChanged));
    if (shiftedOrMoved) this.decorations = this.draw(update.state.doc.length);
  }

  /** Publishes this editor's selection; without the focus the last one stays. */
  tell({ view, state }) {
    const local = this.awareness.getLocalState();
    if (local === null || !view.hasFocus || !view.dom.ownerDocument.hasFocus()) return;
    const { anchor, head } = state.selection.main;
    const now = {
      anchor: createRelativePositionFromTypeIndex(this.text, anchor),
      head: createRelativePositionFromTypeIndex(this.text, head),
    };
    const same = (key) =>
      local.cursor && compareRelativePositions(createRelativePositionFromJSON(local.cursor[key]), now[key]);
    if (!same('anchor') || !same('head')) this.awareness.setLocalStateField('cursor', now);
  }

  draw(length) {
    const found = [];
    for (const [client, state] of this.awareness.getStates()) {
      if (client === this.awareness.clientID || !state.cursor) continue;
      const head = caretOf(state, this.text);
      const anchor = indexOf(state.cursor.anchor ?? null, this.text);
      if (head === null || anchor === null || head > length || anchor > length) continue;
      const user = trusted(state.user);
      found.push(Decoration.widget({ widget: new Caret(client, user, this.moves(client, state.cursor)), side: head > anchor ? -1 : 1 }).range(head));
      if (anchor !== head) {
        const range = Decoration.mark({ class: 'peer-selection', attributes: { style: `--who: ${user.color}` } });
        found.push(range.range(Math.min(anchor, head), Math.max(anchor, head)));
      }
    }
    return Decoration.set(found, true);
  }

  moves(client, cursor) {
    const at = JSON.stringify(cursor);
    const before = this.seen.get(client);
    const moved = before === undefined ? 0 : before.at === at ? before.moved : before.moved + 1;
    this.seen.set(client, { at, moved });
    return moved;
  }
}

/** Draws the peers of `awareness` in the editor of `text`, and tells them where this one is. */
export function cursors(text, awareness) {
  return ViewPlugin.define((view) => new Cursors(view, text, awareness), {
    decorations: (plugin) => plugin.decorations,
  });
}
