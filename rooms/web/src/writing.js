/** The sheet of paper: CodeMirror on the shared text, with Markdown set as it will read. */

import { defaultKeymap } from '@codemirror/commands';
import { markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, LanguageSupport, syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { dropCursor, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import { UndoManager } from 'yjs';

import { cursors } from './cursors.js';

// Classes, not rules: how they look is in editor.css, with the rest of the page.
const look = HighlightStyle.define([
  { tag: tags.heading1, class: 'md-heading md-h1' },
  { tag: tags.heading2, class: 'md-heading md-h2' },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: 'md-heading md-h3' },
  { tag: tags.emphasis, class: 'md-emphasis' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.strikethrough, class: 'md-strike' },
  { tag: tags.link, class: 'md-link' },
  { tag: tags.url, class: 'md-url' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: tags.processingInstruction, class: 'md-sign' },
  { tag: tags.contentSeparator, class: 'md-sign' },
]);

/** Takes back nothing where nothing may be changed: the binding itself does not look. */
const undoing = yUndoManagerKeymap.map((binding) => ({ ...binding, run: (view) => view.state.readOnly || binding.run(view) }));

const WRITING = [placeholder('Start writing…')];
const WAITING = [EditorState.readOnly.of(true)];
// A phone opens no keyboard for a text that is only read.
const READING = [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ inputmode: 'none' })];

/** Puts an editor on `text` into `parent`. `onText` is called after each change, whoever made it. */
export function paper({ parent, text, awareness, onText }) {
  const editable = new Compartment();
  const view = new EditorView({
    parent,
    doc: text.toString(),
    extensions: [
      // The binding draws no cursors (no awareness given): ours do.
      yCollab(text, null, { undoManager: new UndoManager(text) }),
      cursors(text, awareness),
      editable.of(WAITING),
      new LanguageSupport(markdownLanguage),
      syntaxHighlighting(look),
      search({ top: true }),
      dropCursor(),
      // Positions count the same here and in the shared text only if a "\r" from elsewhere is a letter
      // like any other; what is pasted here is cleaned instead.
      EditorState.lineSeparator.of('\n'),
      EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, '\n')),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': 'Document text',
        spellcheck: 'true',
        autocorrect: 'on',
        autocapitalize: 'sentences',
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onText(update.state.doc);
      }),
      // Tab stays the browser's, so that the keyboard can leave the text.
      keymap.of([...undoing, ...markdownKeymap, ...searchKeymap, ...defaultKeymap]),
    ],
  });
  return {
    view,
    /** @param forReader whether nothing will be written here, so that no keyboard is wanted */
    setReadOnly(readOnly, forReader) {
      const kind = forReader ? READING : readOnly ? WAITING : WRITING;
      view.dispatch({ effects: editable.reconfigure(kind) });
    },
  };
}
