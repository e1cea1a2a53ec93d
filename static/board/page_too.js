// Beside "Park my call": page for somebody as soon as the call is parked. Where was chosen last comes first again.

import { byId } from "./parts.js";
import { recall, remember } from "./remember.js";
import { named, offer } from "./whom.js";

/** @typedef {{zone: number, for_whom: string, for_phone: number | null}} Wish */

const ZONE = "page-zone";

export class PageToo {
  node = /** @type {HTMLElement} */ (byId("page-too"));
  #on = /** @type {HTMLInputElement} */ (byId("page-too-on"));
  #zone = /** @type {HTMLSelectElement} */ (byId("page-too-zone"));
  #whom = /** @type {HTMLInputElement} */ (byId("page-too-whom"));

  /** @param {import("./store.js").Store} store @param {() => void} changed @param {() => void} enter the marked line is taken */
  constructor(store, changed, enter) {
    this.store = store;
    this.#on.addEventListener("change", () => {
      this.#draw();
      changed();
    });
    this.#zone.addEventListener("change", changed);
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (!event.repeat) enter();
    });
  }

  /** Each time anew it is not wished for: a page that nobody wanted is heard by everybody. */
  open() {
    this.#on.checked = false;
    this.#whom.value = "";
    offer(this.store.colleagues);
    this.#zone.replaceChildren(
      ...this.store.zones.map(({ id, label }) => new Option(label, String(id), false, String(id) === recall(ZONE))),
    );
    this.#draw();
  }

  get isOn() {
    return this.#on.checked;
  }

  /** Whether a call that is parked there may be paged for as it is wished; without a wish any will do.
   * @param {import("./types.js").Lot} lot */
  allows(lot) {
    const zone = this.store.zones.find(({ id }) => String(id) === this.#zone.value);
    return !this.isOn || Boolean(lot.may_page && zone && zone.pbx === lot.pbx);
  }

  /** Taken once, when the call is parked. @returns {Wish | null} null: no page */
  take() {
    const zone = Number(this.#zone.value);
    if (!this.isOn || !zone) return null;
    remember(ZONE, String(zone));
    const whom = this.#whom.value.trim();
    const found = named(whom, this.store.colleagues);
    return { zone, for_whom: found?.name || whom, for_phone: found?.id ?? null };
  }

  #draw() {
    byId("page-too-more").hidden = !this.isOn;
  }
}
