// What the page knows, and the rules of revisions (docs/protocol.md). No element, no clock, no socket in here.

/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {import("./types.js").Happening} Happening */
/** @typedef {import("./types.js").Place} Place */

export class Store {
  /** @type {import("./types.js").Me} */ me = { name: "", may_retrieve: false, demo: false, phones: [] };
  /** @type {import("./types.js").Link | null} null: nothing heard yet */ link = null;
  /** @type {Map<number, import("./types.js").PbxLink>} by PBX */ links = new Map();
  /** @type {Map<number, Lot>} in the server's order */ lots = new Map();
  /** @type {import("./types.js").Phone[]} whom a call can be sent to */ colleagues = [];
  /** @type {import("./types.js").Missed[]} newest first */ missed = [];
  /** @type {import("./types.js").Zone[]} where can be paged */ zones = [];
  /** @type {import("./types.js").Notice[]} to me and from me, the latest first */ notices = [];
  /** @type {import("./types.js").Own[]} what became of the calls this person parked, the latest news first */ own = [];
  /** @type {import("./types.js").Back[]} on their way back, the first to go first */ #returning = [];
  /** Uniqueids of calls this page pages for. @type {Set<string>} */ paging = new Set();
  /** A gap was seen; changes do not count until the snapshot asked for is here. */
  #waiting = false;

  /**
   * @param {import("./types.js").Snapshot} message
   * @returns {Happening[]} what is new against the picture before; nothing for the first one, nor of a lot that came
   *   or went as a whole: its callers did not move, the person's rights did
   */
  snapshot(message) {
    const before = this.link ? this.#calls() : null;
    const known = new Set(this.lots.keys());
    this.me = message.me;
    this.setLinks(message);
    this.lots = new Map(message.lots.map(({ slots, ...lot }) => [lot.id, { ...lot, calls: bySlot(slots) }]));
    this.colleagues = message.colleagues ?? [];
    this.missed = message.missed ?? [];
    this.zones = message.zones ?? [];
    this.notices = message.notices ?? [];
    this.setReturning(message.returning ?? []);
    this.own = message.own ?? [];
    this.#waiting = false;
    const stayed = (/** @type {Happening} */ { lot }) => known.has(lot.id) && this.lots.has(lot.id);
    return before ? differences(before, this.#calls()).filter(stayed) : [];
  }

  /**
   * @param {import("./types.js").Change} message
   * @returns {{lot: Lot, happenings: Happening[]} | "gap" | null} null: nothing to do
   */
  change(message) {
    if (this.#waiting || !this.link) return null;
    const lot = this.lots.get(message.lot);
    if (!lot || lot.revision < message.after) return this.#gap();
    if (lot.revision >= message.revision) return null;
    const before = this.#calls();
    for (const slot of message.slots) {
      if (slot.state === "free") lot.calls.delete(slot.slot);
      else lot.calls.set(slot.slot, slot);
    }
    lot.revision = message.revision;
    return { lot, happenings: differences(before, this.#calls()) };
  }

  /**
   * @param {import("./types.js").Beat} message
   * @returns {boolean} whether the server is ahead of us
   */
  behind(message) {
    const ahead = Object.entries(message.revisions).some(
      ([id, revision]) => revision > (this.lots.get(Number(id))?.revision ?? -1),
    );
    if (ahead) this.#waiting = true;
    return ahead;
  }

  /** @param {{link: import("./types.js").Link, links?: import("./types.js").PbxLink[]}} message */
  setLinks({ link, links = [] }) {
    this.link = link;
    this.links = new Map(links.map((one) => [one.pbx, one]));
  }

  /** The PBXs that are not heard, while the board as a whole is. */
  lostLinks() {
    return this.link?.state === "hearing" ? [...this.links.values()].filter(({ state }) => state !== "hearing") : [];
  }

  /** Since when the picture of a lot is an old one; Infinity: it is not.
   * @param {Lot} lot */
  lostSince(lot) {
    const link = this.links.get(lot.pbx);
    return link && link.state !== "hearing" ? link.since : Infinity;
  }

  /** @param {Lot} lot */
  isHeard(lot) {
    return this.lostSince(lot) === Infinity;
  }

  /** Whom a call of this lot can be sent to: phones of its own PBX. @param {Lot} lot */
  colleaguesNear(lot) {
    return this.colleagues.filter(({ pbx }) => pbx === lot.pbx);
  }

  /** @param {Lot} lot */
  zonesNear(lot) {
    return this.zones.filter(({ pbx }) => pbx === lot.pbx);
  }

  /** Everything that only who may see it may see. */
  forget() {
    this.me = { ...this.me, may_retrieve: false };
    this.lots = new Map();
    this.colleagues = [];
    this.missed = [];
    this.#returning = [];
    this.own = [];
  }

  /**
   * They are shown like callers in a slot, with what a slot would have told.
   *
   * @param {import("./types.js").Back[]} returning
   * @returns {import("./types.js").Back[]} those of which something is new
   */
  setReturning(returning) {
    const before = new Map(this.#returning.map((back) => [back.uniqueid, `${back.stage} ${back.ringing}`]));
    this.#returning = returning.map((back) => ({ note: "", for_name: "", ...back, ...NO_SLOT }));
    return this.#returning.filter((back) => before.get(back.uniqueid) !== `${back.stage} ${back.ringing}`);
  }

  /** Callers on their way back to a lot; one who is parked again is not any more. @param {number} lot */
  returning(lot) {
    const parked = this.#calls();
    return this.#returning.filter((back) => back.lot === lot && !parked.has(back.uniqueid));
  }

  /** @param {number} lot @param {number} slot */
  call(lot, slot) {
    return this.lots.get(lot)?.calls.get(slot) ?? null;
  }

  /** @param {string} uniqueid @returns {Place | null} where the call is now */
  find(uniqueid) {
    return this.#calls().get(uniqueid) ?? this.#back(uniqueid);
  }

  /** Whether there is any lot in which this person may take calls; before lots are there, whether they may at all. */
  mayRetrieveSomewhere() {
    const lots = [...this.lots.values()];
    return this.me.may_retrieve && (lots.length === 0 || lots.some((lot) => lot.may_retrieve));
  }

  /** Every call that is parked, the longest waiting first. */
  waiting() {
    return this.places().map(({ call }) => call);
  }

  /** The same with their lots. */
  places() {
    return [...this.#calls().values()].sort((one, two) => one.call.waiting_since - two.call.waiting_since);
  }

  /** Those who are parked, and those on their way back. */
  shown() {
    const backs = [...this.lots.values()].flatMap((lot) => this.returning(lot.id).map((call) => ({ lot, call })));
    return [...this.places(), ...backs].sort((one, two) => one.call.waiting_since - two.call.waiting_since);
  }

  /** @param {Place} place whether this person could take that call now */
  takeable({ lot, call }) {
    return lot.may_retrieve && this.isHeard(lot) && (call.state === "parked" || this.isMine(call));
  }

  /** @param {import("./types.js").Call} call whether this person has said that they are on it */
  isMine(call) {
    return call.state === "claimed" && call.claimer !== null && call.claimer === this.me.id;
  }

  /** @param {string} uniqueid @returns {Place | null} */
  #back(uniqueid) {
    const call = this.#returning.find((back) => back.uniqueid === uniqueid);
    const lot = call && this.lots.get(call.lot);
    return lot ? { lot, call } : null;
  }

  /** @returns {"gap"} */
  #gap() {
    this.#waiting = true;
    return "gap";
  }

  /** @returns {Map<string, Place>} */
  #calls() {
    const all = [...this.lots.values()].flatMap((lot) => [...lot.calls.values()].map((call) => ({ lot, call })));
    return new Map(all.map((place) => [place.call.uniqueid, place]));
  }
}

const NO_SLOT = /** @type {const} */ ({ state: "returning", timeout_at: null, claimed_by: null, claimer: null, for_phone: null });

/** @param {import("./types.js").Call[]} slots */
const bySlot = (slots) => new Map(slots.map((call) => [call.slot, call]));

/**
 * @param {Map<string, Place>} before
 * @param {Map<string, Place>} after
 * @returns {Happening[]}
 */
function differences(before, after) {
  /** @type {Happening[]} */ const happenings = [];
  for (const [id, place] of after) {
    const old = before.get(id);
    if (!old || old.lot.id !== place.lot.id || old.call.slot !== place.call.slot) {
      happenings.push({ kind: "parked", ...place }); // a move is told as parked where it is now
    }
  }
  for (const [id, place] of before) if (!after.has(id)) happenings.push({ kind: "left", ...place });
  return happenings;
}
