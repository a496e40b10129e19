/** What can be done to a saga, and what will happen then, in words. */

import { post, sagaPath } from './api.js';
import { confirm } from './dialog.js';

const list = (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

const inTrouble = (saga) =>
  saga.status === 'PARKED_BACKWARD' ? saga.steps.filter((step) => step.undo === 'FAILED') : saga.steps.filter((step) => step.act === 'REFUSED' || step.act === 'UNKNOWN');

/** The steps that a way back would undo, latest first. */
const toUndo = (saga) =>
  saga.steps
    .filter((step) => step.undoable && ['DONE', 'UNKNOWN', 'STARTED', 'BACKING_OFF'].includes(step.act) && step.undo === 'NONE')
    .map((step) => step.step)
    .reverse();

const back = (saga) => {
  const steps = toUndo(saga);
  return steps.length === 0 ? 'Nothing was done that would have to be undone.' : `What was done, or may have been, is undone, latest first: ${list(steps)}.`;
};

const VERBS = {
  cancel: (saga) => ({ label: 'Turn back', note: 'may', danger: true, what: [`The saga is turned back. ${back(saga)}`, 'This cannot be taken back.'] }),
  pause: () => ({ label: 'Pause', what: ['Nothing new is sent until it is resumed. What was sent may still be answered, and the deadline is seen to when it is resumed.'] }),
  resume: () => ({ label: 'Resume', what: ['It goes on where it stands. If its deadline has passed meanwhile, and there is a way back, it is turned back.'] }),
  retry: (saga) => {
    const steps = list(inTrouble(saga).map((step) => step.step));
    return {
      label: 'Try again',
      note: 'may',
      what: [
        saga.status === 'PARKED_BACKWARD' ? `The undo of ${steps} is sent again, from the first attempt.` : `${steps} is sent again, from the first attempt.`,
        'It carries the same key as before, so what was done already is not done twice.',
      ],
    };
  },
  skip: (saga, { step }) =>
    saga.status === 'PARKED_BACKWARD'
      ? { label: `Leave ${step} standing`, note: 'must', danger: true, what: [`The effect of ${step} is left standing, and the saga goes on undoing the other steps.`, 'The saga will end as undone although this step was not. Your note is kept in its timeline.'] }
      : { label: `Skip ${step}`, note: 'must', danger: true, what: [`The saga goes on without ${step}: it is not sent again, and later steps find no result of it.`, 'Your note is kept in its timeline.'] },
  resolve: (saga, { step, applied }) => {
    if (saga.status === 'PARKED_BACKWARD') {
      return { label: `Count ${step} as undone`, note: 'must', what: [`You say that the effect of ${step} is gone: because you have made sure of it, or have found it so. Nothing is sent, and the saga goes on undoing the other steps.`] };
    }
    return applied
      ? { label: `Count ${step} as done`, note: 'must', what: [`You say that ${step} was done. Nothing is sent to do it, and the saga goes on behind it. It has no result.`] }
      : { label: `Count ${step} as not done`, note: 'must', danger: true, what: [`You say that ${step} was not done and will not be. ${back({ ...saga, steps: saga.steps.filter((each) => each.step !== step) })}`] };
  },
};

/** The buttons for what is possible: `{ key, label, danger, ask }`. */
export const buttons = (saga, refresh) =>
  saga.possible
    .filter(({ verb }) => VERBS[verb])
    .map((possible) => {
      const { verb, step, applied } = possible;
      const { label, what, note = 'none', danger = false } = VERBS[verb](saga, possible);
      return {
        key: [verb, step, applied].join('/'),
        verb,
        label,
        danger,
        ask: () =>
          confirm({
            title: `${label}?`,
            what: [`Saga ${saga.saga} of ${saga.definition}.`, ...what],
            button: label,
            danger,
            note,
            act: async (said) => {
              const body = { actor: said.actor };
              if (note !== 'none' && said.note !== '') body.note = said.note;
              if (step !== undefined) body.step = step;
              if (applied !== undefined) body.applied = applied;
              await post(sagaPath(saga.room, saga.saga, verb), body);
              refresh();
              return `Done: ${label.toLowerCase()}.`;
            },
          }),
      };
    });
