// Moving the focus from caller to caller with the arrow keys, as they stand on the screen.

const CALLERS = '#lots .tile:not([data-state="free"]), #list .row';

/** @returns {HTMLElement | null} the tile or line the focus is in, when there is a caller */
export function focused() {
  const node = document.activeElement?.closest(CALLERS);
  return /** @type {HTMLElement | null} */ (node ?? null);
}

/** @param {HTMLElement} node on its main button, so that Enter does what it says */
function focus(node) {
  const main = /** @type {HTMLElement} */ (node.querySelector(".retrieve"));
  (main.checkVisibility() ? main : node).focus();
}

/** @param {string} key an arrow's @returns {boolean} whether there was a caller to go to */
export function walk(key) {
  const nodes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(CALLERS)].filter((one) => one.checkVisibility()));
  const from = focused();
  const to = from ? neighbour(nodes, from, key) : nodes[0];
  if (to) focus(to);
  return nodes.length > 0;
}

/** @param {HTMLElement[]} nodes @param {HTMLElement} from @param {string} key */
function neighbour(nodes, from, key) {
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const at = nodes.indexOf(from);
  if (key === "ArrowRight" || key === "ArrowLeft") return nodes[at + (key === forward ? 1 : -1)];
  const here = from.getBoundingClientRect();
  const down = key === "ArrowDown" ? 1 : -1;
  const away = (/** @type {HTMLElement} */ node) => {
    const box = node.getBoundingClientRect();
    const rows = (box.top - here.top) * down;
    return rows > here.height / 4 ? rows * 10 + Math.abs(box.left - here.left) : Infinity;
  };
  const best = nodes.reduce((one, two) => (away(two) < away(one) ? two : one), from);
  return best === from ? undefined : best;
}
