// The menu behind "More": one for the whole board, opened beside the button that asked for it; on a phone at the foot.

import { byId, stamp, write } from "./parts.js";
import { callerName, say } from "./words.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {{name: string, key: string}} Item */

const GAP = 4;
const EDGE = 8;

const menu = /** @type {HTMLElement} */ (byId("more-menu"));

export class MoreMenu {
  #uniqueid = "";
  /** @type {HTMLElement | null} */ #button = null;
  /** The press that closes it by being beside it is on its own button: the click that follows must not open it again. */
  #closing = false;

  /** @param {(name: string, uniqueid: string) => void} choose */
  constructor(choose) {
    menu.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("[data-item]") : null;
      if (!item || item.getAttribute("aria-disabled") === "true") return;
      menu.hidePopover(); // first: the focus goes back to the button, and what opens next returns it there
      choose(item.getAttribute("data-item") ?? "", this.#uniqueid);
    });
    menu.addEventListener("keydown", (event) => this.#key(event));
    const pressed = (/** @type {PointerEvent} */ { target }) =>
      (this.#closing = this.isOpen && target instanceof Node && Boolean(this.#button?.contains(target)));
    document.addEventListener("pointerdown", pressed, true);
    addEventListener("resize", () => this.close());
  }

  get isOpen() {
    return menu.matches(":popover-open");
  }

  close() {
    if (this.isOpen) menu.hidePopover();
  }

  /** @param {HTMLElement} button @param {Place} place @param {Item[]} items @param {boolean} live */
  open(button, { lot, call }, items, live) {
    if (this.#closing) return void (this.#closing = false);
    this.#button = button;
    this.#uniqueid = call.uniqueid;
    const about = { caller: callerName(call.caller), slot: call.slot, lot: lot.label || lot.name };
    menu.setAttribute("aria-label", say("menu.about", about));
    menu.replaceChildren(...items.map((item) => line(item, live)));
    menu.showPopover();
    stand(button);
    /** @type {HTMLElement} */ (menu.firstElementChild)?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const items = /** @type {HTMLElement[]} */ ([...menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const ways = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key === "Tab") return menu.hidePopover();
    if (!(event.key in ways)) return;
    event.preventDefault();
    items[(ways[event.key] + items.length) % items.length].focus();
  }
}

/** @param {Item} item @param {boolean} live */
function line({ name, key }, live) {
  const { node, parts } = stamp("more-template");
  node.dataset.item = name;
  node.setAttribute("aria-disabled", String(!live));
  write(parts.words, say(`menu.${name}`));
  write(parts.key, key.toUpperCase());
  parts.key.hidden = !key;
  return node;
}

/** Under the button, or over it where there is no room; its end under the button's end.
 * @param {HTMLElement} button */
function stand(button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + GAP + height < innerHeight;
  const rightToLeft = document.documentElement.dir === "rtl";
  const left = rightToLeft ? at.left : at.right - width;
  menu.style.setProperty("--top", `${below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - height)}px`);
  menu.style.setProperty("--left", `${Math.min(Math.max(EDGE, left), innerWidth - width - EDGE)}px`);
}
