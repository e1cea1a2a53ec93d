// The lots and their tiles, kept in step with the store. Elements are keyed: none is made again while it exists.

import { byId, stamp, write } from "./parts.js";
import { Tile } from "./tile.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {{node: HTMLElement, parts: Record<string, any>, tiles: Map<number, Tile>}} Section */

/** Where cards push each other (on a phone; or a row of free slots growing), a click this soon after may be meant for
 * another card. */
const SETTLING = 500;
const narrow = matchMedia("(max-width: 600px)");

export class LotsView {
  /** @type {Map<number, Section>} */ #sections = new Map();
  #moved = -SETTLING;
  /** What lies lower on the page than this has moved. */
  #movedBelow = 0;

  /** @param {(lot: Lot, call: import("./types.js").Call | null) => import("./tile.js").Surroundings} surroundings */
  constructor(surroundings) {
    this.surroundings = surroundings;
    this.root = /** @type {HTMLElement} */ (byId("lots"));
  }

  /** @param {Map<number, Lot>} lots */
  drawAll(lots) {
    for (const [id, section] of this.#sections) {
      if (lots.has(id)) continue;
      section.node.remove();
      this.#sections.delete(id);
    }
    let place = 0;
    for (const lot of lots.values()) {
      const { node } = this.#section(lot);
      put(this.root, node, place++);
      this.draw(lot);
    }
    byId("empty").hidden = lots.size > 0;
  }

  /** @param {Lot} lot */
  draw(lot) {
    const { node, parts, tiles } = this.#section(lot);
    node.dataset.revision = String(lot.revision);
    write(parts.label, lot.label || lot.name);
    write(parts.count, say("tile.occupied", { count: lot.calls.size, total: lot.last - lot.first + 1 }));
    parts.quiet.hidden = lot.calls.size > 0;
    const numbers = numbersOf(lot);
    const height = parts.slots.offsetHeight;
    let highest = Infinity;
    for (const [slot, tile] of tiles) {
      if (!numbers.includes(slot)) this.#drop(tiles, slot, tile, parts.label);
    }
    numbers.forEach((slot, place) => {
      const tile = tiles.get(slot) ?? new Tile(lot, slot);
      tiles.set(slot, tile);
      tile.outside = slot < lot.first || slot > lot.last;
      tile.name = lot.names[slot] ?? "";
      put(parts.slots, tile.node, place);
      const call = lot.calls.get(slot) ?? null;
      const changes = tile.node.dataset.state && (tile.node.dataset.state === "free") !== !call;
      if (changes) highest = Math.min(highest, top(tile.node));
      tile.show(call, this.surroundings(lot, call));
    });
    if (highest < Infinity && narrow.matches) this.#moves(-1);
    else if (highest < Infinity && height && parts.slots.offsetHeight !== height) this.#moves(highest);
  }

  /** @param {number} now */
  tick(now) {
    for (const { tiles } of this.#sections.values()) for (const tile of tiles.values()) tile.tick(now);
  }

  /**
   * The tile a button is in, and whether the board was still long enough for the click to be meant for it.
   *
   * @param {Element} button
   */
  tileOf(button) {
    const node = /** @type {HTMLElement} */ (button.closest(".tile"));
    const lot = Number(node.dataset.lotId);
    const tile = /** @type {Tile} */ (this.#sections.get(lot)?.tiles.get(Number(node.dataset.slot)));
    const moved = performance.now() - this.#moved < SETTLING && top(node) > this.#movedBelow;
    return { lot, slot: tile.slot, unsettled: tile.justChanged || moved };
  }

  /** @param {number} below */
  #moves(below) {
    const lately = performance.now() - this.#moved < SETTLING;
    this.#movedBelow = lately ? Math.min(this.#movedBelow, below) : below;
    this.#moved = performance.now();
  }

  /** @param {Lot} lot @returns {Section} */
  #section(lot) {
    const known = this.#sections.get(lot.id);
    if (known) return known;
    const { node, parts } = stamp("lot-template");
    parts.label.id = `lot-${lot.id}`;
    node.setAttribute("aria-labelledby", parts.label.id);
    node.dataset.lot = lot.name;
    const section = { node, parts, tiles: new Map() };
    this.#sections.set(lot.id, section);
    return section;
  }

  /** @param {Map<number, Tile>} tiles @param {number} slot @param {Tile} tile @param {HTMLElement} heading */
  #drop(tiles, slot, tile, heading) {
    const focused = tile.node.contains(document.activeElement);
    tile.node.remove();
    tiles.delete(slot);
    if (focused) heading.focus({ preventScroll: true });
  }
}

/** Where an element is on the page, wherever that is scrolled to; a pixel's fraction does not count.
 * @param {Element} node */
function top(node) {
  return Math.round(node.getBoundingClientRect().top + scrollY);
}

/**
 * Every slot of the range in order, then the calls outside of it.
 *
 * @param {Lot} lot
 */
function numbersOf(lot) {
  const range = Array.from({ length: Math.max(0, lot.last - lot.first + 1) }, (_, index) => lot.first + index);
  const outside = [...lot.calls.keys()].filter((slot) => slot < lot.first || slot > lot.last);
  return [...range, ...outside.sort((one, two) => one - two)];
}

/** Moves an element only when it is in the wrong place: moving it would drop its focus.
 * @param {Element} parent @param {Element} node @param {number} place */
function put(parent, node, place) {
  if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
}
