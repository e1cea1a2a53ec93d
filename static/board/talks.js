// The talks my phones are in, told by the bridge as long as somebody looks at them here. Nobody looks: nobody is asked.

/** @typedef {import("./choices.js").Talk} Talk */

const AGAIN = 5_000;
/** Between two questions at the least, whatever is answered. */
const SHORTEST = 1_000;

export class Talks {
  /** Of each PBX where I have a phone, and when it was told. @type {Map<number, {talks: Talk[], at: number}>} */ #told = new Map();
  /** @type {Set<string>} */ #wanted = new Set();
  /** @type {Map<number, number>} */ #asked = new Map();
  #timer = 0;
  /** Nothing is known just now, and why is told. */
  failed = false;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./commands.js").Commands} commands
   * @param {() => boolean} isLive
   */
  constructor(store, commands, isLive) {
    this.store = store;
    this.commands = commands;
    this.isLive = isLive;
    /** @type {() => void} */ this.changed = () => {};
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** @param {string} who @param {boolean} wanted */
  want(who, wanted) {
    if (wanted) this.#wanted.add(who);
    else this.#wanted.delete(who);
    if (this.#wanted.size) return this.look();
    for (const pbx of this.#asked.keys()) this.commands.stopIt(this.commands.about("calls", subject(pbx)));
    this.#told.clear();
  }

  /** The longest first: a new one pushes no other. */
  get list() {
    const all = [...this.#told.values()].flatMap(({ talks, at }) =>
      talks.map((talk) => ({ ...talk, seconds: talk.seconds + Math.floor((Date.now() - at) / 1000) })),
    );
    return all.sort((one, two) => two.seconds - one.seconds);
  }

  get isKnown() {
    return this.#told.size > 0 && !this.failed;
  }

  /** Ask where nothing is on its way; whoever does not look at the page does not ask again. */
  look() {
    clearTimeout(this.#timer);
    if (!this.#wanted.size || !this.isLive() || document.hidden) return;
    for (const pbx of new Set(this.store.me.phones.map((phone) => phone.pbx ?? 0))) this.#ask(pbx);
  }

  /** @param {number} pbx */
  #ask(pbx) {
    if (this.commands.about("calls", subject(pbx))) return;
    const wait = (this.#asked.get(pbx) ?? -SHORTEST) + SHORTEST - performance.now();
    if (wait > 0) return void (this.#timer = setTimeout(() => this.look(), wait));
    this.#asked.set(pbx, performance.now());
    this.commands.give("calls", { watch: true, ...(pbx ? { pbx } : {}) }, {
      subject: subject(pbx),
      went: (code, params) => code === "calls" && this.#take(pbx, params.calls),
      heard: (end) => this.#heard(pbx, end),
    });
  }

  /** @param {number} pbx @param {import("./commands.js").End} end */
  #heard(pbx, { failed, params }) {
    if (!this.#wanted.size) return true;
    this.failed = failed;
    if (failed) this.#told.delete(pbx);
    else this.#take(pbx, params.calls ?? []);
    if (failed) this.changed();
    this.#timer = setTimeout(() => this.look(), failed ? AGAIN : 0);
    return true;
  }

  /** @param {number} pbx @param {Talk[]} talks */
  #take(pbx, talks) {
    this.failed = false;
    this.#told.set(pbx, { talks: talks.map((talk) => ({ ...talk, pbx })), at: Date.now() });
    this.changed();
  }
}

/** @param {number} pbx */
const subject = (pbx) => `calls ${pbx}`;
