// Where things push each other, a click soon after may be meant for what stood there before.

const SETTLING = 500;

export class Still {
  #moved = -SETTLING;
  /** What lies lower on the page than this has moved. */
  #below = 0;

  /** @param {number} below */
  moved(below) {
    const lately = performance.now() - this.#moved < SETTLING;
    this.#below = lately ? Math.min(this.#below, below) : below;
    this.#moved = performance.now();
  }

  /** @param {Element} node whether it may have moved just now */
  isUnsettled(node) {
    return performance.now() - this.#moved < SETTLING && top(node) > this.#below;
  }
}

/** Where an element is on the page, wherever that is scrolled to; a pixel's fraction does not count.
 * @param {Element} node */
export function top(node) {
  return Math.round(node.getBoundingClientRect().top + scrollY);
}

/** Moves an element only when it is in the wrong place: moving it would drop its focus.
 * @param {Element} parent @param {Element} node @param {number} place */
export function put(parent, node, place) {
  if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
}
