// The lots and their tiles, kept in step with the store. Elements are keyed: none is made again while it exists.

import { duration } from "./clock.js";
import { fits, sought } from "./filter.js";
import { byId, stamp, write } from "./parts.js";
import { arranged, isClosed, isPinned } from "./shelf.js";
import { put, Still, top } from "./still.js";
import { Tile } from "./tile.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {{node: HTMLElement, parts: Record<string, any>, tiles: Map<number, Tile>}} Section */
/**
 * @typedef {object} Around what the lots do not know of themselves
 * @property {(lot: Lot, call: import("./types.js").Call | null) => import("./card.js").Surroundings} card
 * @property {(lot: number) => import("./types.js").Back[]} returning
 * @property {(lot: number) => boolean} canTakeNext
 * @property {(lot: Lot) => number} now the time of its picture
 */

const narrow = matchMedia("(max-width: 600px)");

export class LotsView {
  /** @type {Map<number, Section>} */ #sections = new Map();
  #several = false;
  #still = new Still();

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    this.root = /** @type {HTMLElement} */ (byId("lots"));
  }

  /** @param {Map<number, Lot>} lots */
  drawAll(lots) {
    this.#several = lots.size > 1;
    for (const [id, section] of this.#sections) {
      if (lots.has(id)) continue;
      section.node.remove();
      this.#sections.delete(id);
    }
    for (const [place, lot] of arranged(lots.values()).entries()) {
      put(this.root, this.#section(lot).node, place);
      this.draw(lot);
    }
    byId("empty").hidden = lots.size > 0;
  }

  /** @param {Lot} lot */
  draw(lot) {
    const { node, parts, tiles } = this.#section(lot);
    node.dataset.revision = String(lot.revision);
    this.#head(lot, parts);
    const bays = baysOf(lot, this.around.returning(lot.id));
    const news = [...bays].flatMap(([key, { call }]) => (tiles.get(key)?.isFree === Boolean(call) ? [tiles.get(key)] : []));
    // Measured only when something comes or goes: each measurement lays out the page anew, and a board may have 1,000 lots.
    const before = news.length ? { height: parts.slots.offsetHeight, top: Math.min(...news.map(topOf)) } : null;
    for (const [slot, tile] of tiles) {
      if (!bays.has(slot)) this.#drop(tiles, slot, tile, parts.fold);
    }
    [...bays].forEach(([key, { slot, call }], place) => {
      const tile = tiles.get(key) ?? new Tile(lot, slot, key);
      tiles.set(key, tile);
      tile.outside = slot < lot.first || slot > lot.last;
      tile.name = lot.names[slot] ?? "";
      put(parts.slots, tile.node, place);
      const fit = fits(lot, slot, call);
      if (!fit && tile.node.contains(document.activeElement)) parts.fold.focus({ preventScroll: true });
      tile.node.hidden = !fit;
      tile.show(call, this.around.card(lot, call));
    });
    if (before && narrow.matches) this.#still.moved(-1);
    else if (before?.height && parts.slots.offsetHeight !== before.height) this.#still.moved(before.top);
  }

  /** @param {Iterable<Lot>} lots */
  tick(lots) {
    for (const lot of lots) {
      const now = this.around.now(lot);
      for (const tile of this.#sections.get(lot.id)?.tiles.values() ?? []) tile.tick(now);
      this.#longest(lot, now);
    }
  }

  /** Which slot a button is in, and whether the click may be meant for what was there before.
   * @param {Element} button */
  slotOf(button) {
    const node = /** @type {HTMLElement} */ (button.closest(".tile"));
    const lot = Number(node.dataset.lotId);
    const tile = /** @type {Tile} */ (this.#sections.get(lot)?.tiles.get(Number(node.dataset.key)));
    return { lot, slot: tile.slot, uniqueid: node.dataset.uniqueid ?? "", changed: tile.justChanged, moved: this.#still.isUnsettled(node) };
  }

  /** @param {Lot} lot @param {Record<string, any>} parts */
  #head(lot, parts) {
    const name = lot.label || lot.name;
    const closed = isClosed(lot.id) && !sought();
    write(parts.label, name);
    write(parts.count, say("tile.occupied", { count: lot.calls.size, total: lot.last - lot.first + 1 }));
    parts.fold.setAttribute("aria-expanded", String(!closed));
    parts.slots.hidden = closed;
    parts.pin.hidden = !this.#several;
    parts.pin.setAttribute("aria-pressed", String(isPinned(lot.id)));
    parts.pin.setAttribute("aria-label", say("lot.pin", { lot: name }));
    parts.next.hidden = !this.#several || !lot.may_retrieve;
    parts.next.setAttribute("aria-disabled", String(!this.around.canTakeNext(lot.id)));
    parts.next.setAttribute("aria-label", say("lot.take_next", { lot: name }));
    this.#longest(lot, this.around.now(lot));
  }

  /** What can be told of a lot that is folded away, and says so when nobody waits.
   * @param {Lot} lot @param {number} now */
  #longest(lot, now) {
    const parts = this.#sections.get(lot.id)?.parts;
    const first = Math.min(...[...lot.calls.values()].map((call) => call.waiting_since));
    const time = lot.calls.size ? duration(Math.floor((now - first) / 1000)) : "";
    if (parts) write(parts.quiet, time ? say("lot.longest", { time }) : say("frame.waiting_none"));
  }

  /** @param {Lot} lot @returns {Section} */
  #section(lot) {
    const known = this.#sections.get(lot.id);
    if (known) return known;
    const { node, parts } = stamp("lot-template");
    parts.label.id = `lot-${lot.id}`;
    parts.slots.id = `slots-${lot.id}`;
    parts.fold.setAttribute("aria-controls", parts.slots.id);
    node.setAttribute("aria-labelledby", parts.label.id);
    Object.assign(node.dataset, { lot: lot.name, lotId: String(lot.id) });
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

/** @param {Tile | undefined} tile */
const topOf = (tile) => (tile ? top(tile.node) : Infinity);

/** Every tile of the lot: its slots, each with who is in it or went back from it; then who went back from a slot that
 * somebody else has now.
 * @param {Lot} lot @param {import("./types.js").Back[]} returning
 * @returns {Map<number, {slot: number, call: import("./types.js").Call | null}>} */
function baysOf(lot, returning) {
  /** @type {Map<number, {slot: number, call: import("./types.js").Call | null}>} */
  const bays = new Map(numbersOf(lot).map((slot) => [slot, { slot, call: lot.calls.get(slot) ?? null }]));
  for (const back of returning) {
    const bay = bays.get(back.slot);
    if (bay && !bay.call) bay.call = back;
    else bays.set(-back.id, { slot: back.slot, call: back });
  }
  return bays;
}

/** Every slot of the range in order, then the calls outside of it. @param {Lot} lot */
function numbersOf(lot) {
  const range = Array.from({ length: Math.max(0, lot.last - lot.first + 1) }, (_, index) => lot.first + index);
  const outside = [...lot.calls.keys()].filter((slot) => slot < lot.first || slot > lot.last);
  return [...range, ...outside.sort((one, two) => one - two)];
}
