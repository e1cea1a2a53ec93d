// How large things can be. No element in here: numbers in, numbers out.

/** A tile's measures in its own unit, which is its font size: as wide and as tall as its words need. */
const WIDE = 21;
const TALL = 13.7;
const GAP = 0.6;
/** Narrower than this (CSS pixels) is a phone in a hand: one column, as long as it takes. */
const NARROW = 700;
/** Of the screen's width: text in a smaller unit is not read from five metres. */
const READABLE = 1 / 110;
/** A tile is never more than this part of the width: with one caller the wall does not shout. */
const LARGEST = 1 / 66;
/** Room is made in steps, so that sizes seldom change. */
const STEPS = [6, 12, 20, 30, 48, 72, 108];
/** A smaller step is taken only when it would be this full: a board that swings between two sizes is hard to read. */
const EASE = 0.75;

/** @typedef {{columns: number, rows: number, unit: number}} Fit rows 0: as many as there are, the page scrolls */

/**
 * The largest tiles of which `count` fit.
 *
 * @param {number} count
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {Fit}
 */
export function fit(count, width, height) {
  if (width < NARROW) return { columns: 1, rows: 0, unit: width / WIDE };
  let best = { columns: 1, rows: count, unit: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const wide = width / (columns * (WIDE + GAP) - GAP);
    const tall = height / (rows * (TALL + GAP) - GAP);
    const unit = Math.min(wide, tall, width * LARGEST);
    if (unit > best.unit) best = { columns, rows, unit };
  }
  return best;
}

/**
 * Whether every slot can have its own place, free or not, in tiles that are read from five metres.
 *
 * @param {number} slots
 * @param {number} width @param {number} height
 */
export const allFit = (slots, width, height) =>
  width >= NARROW && slots > 0 && slots <= STEPS[2] && fit(slots, width, height).unit >= width * READABLE;

/**
 * For how many callers room is made.
 *
 * @param {number} count
 * @param {number} before what it was
 */
export function roomFor(count, before) {
  let step = Math.max(0, STEPS.indexOf(before));
  while (step > 0 && count <= STEPS[step - 1] * EASE) step--;
  while (step < STEPS.length - 1 && count > STEPS[step]) step++;
  return STEPS[step];
}
