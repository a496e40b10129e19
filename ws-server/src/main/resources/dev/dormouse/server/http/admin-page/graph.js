/** Draws a definition as a graph: stages one behind the other, the steps of one stage side by side. */

import { svg } from './dom.js';

const WIDTH = 196;
const HEIGHT = 84;
const GAP = 44;
const BETWEEN = 16;
const EDGE = 12;

const cut = (text, most) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/**
 * @param stages lists of `{ name, kind, line, state: { tone, mark, words } | null }`
 * @param room how wide it may get in pixels; what does not fit goes downwards
 * @param back whether the arrows lead back
 */
export function graph(stages, room, back, label) {
  const across = stages.length * (WIDTH + GAP) - GAP + 2 * EDGE <= room;
  const most = Math.max(1, ...stages.map((stage) => stage.length));
  // Downwards, a stage of many steps is broken into rows.
  const perRow = across ? most : Math.max(1, Math.min(most, Math.floor((room - 2 * EDGE + BETWEEN) / (WIDTH + BETWEEN))));
  const placed = [];
  let top = EDGE;
  stages.forEach((stage, index) => {
    const rows = Math.ceil(stage.length / perRow);
    placed.push(
      stage.map((step, member) => {
        if (across) {
          const high = stage.length * (HEIGHT + BETWEEN) - BETWEEN;
          const all = most * (HEIGHT + BETWEEN) - BETWEEN;
          return { step, x: EDGE + index * (WIDTH + GAP), y: EDGE + (all - high) / 2 + member * (HEIGHT + BETWEEN) };
        }
        const inRow = Math.min(perRow, stage.length - Math.floor(member / perRow) * perRow);
        const aside = ((perRow - inRow) * (WIDTH + BETWEEN)) / 2;
        return { step, x: EDGE + aside + (member % perRow) * (WIDTH + BETWEEN), y: top + Math.floor(member / perRow) * (HEIGHT + BETWEEN) };
      }),
    );
    top += rows * (HEIGHT + BETWEEN) - BETWEEN + GAP;
  });
  const nodes = placed.flat();
  const width = Math.max(...nodes.map(({ x }) => x)) + WIDTH + EDGE;
  const height = Math.max(...nodes.map(({ y }) => y)) + HEIGHT + EDGE;
  const arrows = [];
  for (let index = 1; index < placed.length; index++) {
    for (const from of placed[index - 1]) for (const to of placed[index]) arrows.push(arrow(from, to, across, back));
  }
  return svg(
    'svg',
    { class: `graph${back ? ' returning' : ''}`, width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    svg('defs', null, svg('marker', { id: 'tip', viewBox: '0 0 8 8', refX: '7', refY: '4', markerWidth: '8', markerHeight: '8', orient: 'auto-start-reverse' }, svg('path', { d: 'M0 0.5 8 4 0 7.5z', class: 'tip' }))),
    arrows,
    nodes.map(node),
  );
}

function arrow(from, to, across, back) {
  const [x1, y1, x2, y2] = across
    ? [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2]
    : [from.x + WIDTH / 2, from.y + HEIGHT, to.x + WIDTH / 2, to.y];
  const bend = GAP / 2;
  const path = across
    ? `M${x1 + 2} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 3} ${y2}`
    : `M${x1} ${y1 + 2}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2 - 3}`;
  const done = from.step.state?.tone === 'good';
  const faint = back && to.step.state?.tone === 'idle';
  return svg('path', { class: `arrow${done ? ' done' : ''}${faint ? ' faint' : ''}`, d: path, [back ? 'marker-start' : 'marker-end']: 'url(#tip)' });
}

function node({ step, x, y }) {
  const { name, kind, line, state } = step;
  return svg(
    'g',
    { class: `node ${state?.tone ?? 'plain'}${kind === 'PIVOT' ? ' pivot' : ''}`, transform: `translate(${x} ${y})` },
    svg('title', null, `${name}: ${state ? `${state.words}; ` : ''}${line}`),
    kind === 'PIVOT' ? svg('path', { class: 'box', d: `M14 0.5H${WIDTH - 14}L${WIDTH - 0.5} ${HEIGHT / 2} ${WIDTH - 14} ${HEIGHT - 0.5}H14L0.5 ${HEIGHT / 2}z` }) : svg('rect', { class: 'box', x: '0.5', y: '0.5', width: WIDTH - 1, height: HEIGHT - 1, rx: '10' }),
    svg('text', { class: 'node-name', x: '18', y: '27' }, cut(name, 20)),
    svg('text', { class: 'node-state', x: '18', y: '48' }, state ? `${state.mark} ${cut(state.words, 25)}` : ''),
    svg('text', { class: 'node-kind', x: '18', y: '68' }, cut(line, 28)),
  );
}

/** What the small line of a step says: how it is undone, or that it is not. */
export const kindLine = (step) => {
  switch (step.kind) {
    case 'PIVOT': return step.undo ? `pivot, undo ${step.undo}` : 'pivot: no way back';
    case 'NO_UNDO': return 'nothing to undo';
    case 'RETRIABLE': return 'must succeed';
    default: return step.undo ? `undo: ${step.undo}` : 'can be undone';
  }
};
