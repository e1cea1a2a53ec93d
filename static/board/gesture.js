// Something is pressed, carried and let go: with a mouse after a few pixels, with a finger after a long press, so that the
// page can still be scrolled. Escape, another window or the browser itself ends it, and nothing has happened.

const FAR = 6;
const LONG = 450;
/** A finger that moves more than this before the long press is over scrolls. */
const STILL = 10;
const EDGE = 56;
const STEP = 14;
/** These mean something by themselves; a number may be marked and copied. */
const OWN = 'button, a, input, select, [data-part="callerNumber"]';

/**
 * @typedef {object} Carrier
 * @property {(node: HTMLElement) => boolean} grab whether it may be carried; if so it is
 * @property {(x: number, y: number, over: Element | null) => void} over
 * @property {(over: Element | null) => void} drop
 * @property {() => void} end whatever came of it
 */

export class Gesture {
  /** @type {{node: HTMLElement, id: number, x: number, y: number, touch: boolean, carried: boolean} | null} */ #press = null;
  #timer = 0;

  /** @param {HTMLElement[]} roots @param {string} selector of what can be carried @param {Carrier} carrier */
  constructor(roots, selector, carrier) {
    this.selector = selector;
    this.carrier = carrier;
    for (const root of roots) {
      root.addEventListener("pointerdown", (event) => this.#down(event));
      root.addEventListener("touchmove", (event) => this.isCarrying && event.preventDefault(), { passive: false });
      root.addEventListener("contextmenu", (event) => this.#press?.touch && event.preventDefault());
      root.addEventListener("dragstart", (event) => event.preventDefault());
    }
    document.addEventListener("pointermove", (event) => this.#move(event));
    document.addEventListener("pointerup", (event) => this.#up(event));
    document.addEventListener("pointercancel", () => this.cancel());
    document.addEventListener("keydown", (event) => this.#key(event), true);
    addEventListener("blur", () => this.cancel());
  }

  get isCarrying() {
    return Boolean(this.#press?.carried);
  }

  cancel() {
    const carried = this.isCarrying;
    clearTimeout(this.#timer);
    this.#press = null;
    document.documentElement.classList.remove("carrying");
    if (carried) this.carrier.end();
  }

  /** @param {PointerEvent} event */
  #down({ target, button, isPrimary, pointerId, clientX, clientY, pointerType }) {
    if (button || !isPrimary || this.#press || !(target instanceof Element) || target.closest(OWN)) return;
    const node = /** @type {HTMLElement | null} */ (target.closest(this.selector));
    if (!node) return;
    const touch = pointerType !== "mouse";
    this.#press = { node, id: pointerId, x: clientX, y: clientY, touch, carried: false };
    if (touch) this.#timer = setTimeout(() => this.#begin(), LONG);
  }

  /** @param {PointerEvent} event */
  #move({ pointerId, clientX, clientY }) {
    const press = this.#press;
    if (!press || press.id !== pointerId) return;
    const away = Math.hypot(clientX - press.x, clientY - press.y);
    if (!press.carried && press.touch) return void (away > STILL && this.cancel());
    if (!press.carried && away > FAR) this.#begin();
    Object.assign(press, { x: clientX, y: clientY });
    if (this.isCarrying) this.#over();
  }

  #begin() {
    const press = this.#press;
    if (!press || !this.carrier.grab(press.node)) return this.cancel();
    press.carried = true;
    getSelection()?.removeAllRanges();
    document.documentElement.classList.add("carrying");
    this.#over();
    requestAnimationFrame(() => this.#scroll());
  }

  #over() {
    if (this.#press) this.carrier.over(this.#press.x, this.#press.y, under(this.#press));
  }

  /** What is carried to the edge of the window moves the page below it. */
  #scroll() {
    if (!this.#press?.carried) return;
    const { y } = this.#press;
    const by = y < EDGE ? -STEP : y > innerHeight - EDGE ? STEP : 0;
    const before = scrollY;
    if (by) scrollBy(0, by);
    if (scrollY !== before) this.#over();
    requestAnimationFrame(() => this.#scroll());
  }

  /** @param {PointerEvent} event */
  #up({ pointerId, clientX, clientY }) {
    const press = this.#press;
    if (!press || press.id !== pointerId) return;
    if (press.carried) this.carrier.drop(under({ x: clientX, y: clientY }));
    this.cancel();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.isCarrying) return;
    event.preventDefault(); // no key does anything else meanwhile
    event.stopImmediatePropagation();
    if (event.key === "Escape") this.cancel();
  }
}

/** @param {{x: number, y: number}} point */
const under = ({ x, y }) => document.elementFromPoint(x, y);
