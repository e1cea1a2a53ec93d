// The way to the server and back, again and again: a board may stay open for weeks, over sleep and broken networks.

/** @typedef {import("./types.js").Message} Message */

const BEAT_LIMIT = 25_000; // no beat for so long: the other end is gone, whatever the browser believes
const OPEN_LIMIT = 10_000;
const SLEEP_GAP = 30_000; // our own timer was not called for so long: the computer slept
const STALE = 12_000; // one beat missing, and the person is looking: better a new connection than a doubt
const SHORTEST = 500;
const SPREAD = 3_000; // of the first try: a thousand boards that lose one server must not come back in one moment
const LONGEST = 10_000;
const NOT_LOGGED_IN = 4401;
const FORBIDDEN = 4403;

/**
 * @typedef {object} Handlers
 * @property {() => void} [opened] the other end listens
 * @property {(message: Message) => void} message
 * @property {() => void} down the connection broke; it is being made again
 * @property {() => void} loggedOut for good
 * @property {() => void} forbidden for good
 */

export class BoardSocket {
  /** @type {WebSocket | null} */ #socket = null;
  #attempts = 0;
  #retry = 0;
  #heard = 0;
  #watched = Date.now();
  #over = false;

  /** @param {string} url @param {Handlers} handlers */
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
  }

  start() {
    this.#open();
    setInterval(() => this.#watch(), 1000);
    addEventListener("online", () => this.#wake());
    addEventListener("pageshow", () => this.#wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
  }

  /**
   * @param {object} message
   * @returns {boolean} whether it was sent; nothing is kept for later, a late click would surprise
   */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #open() {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onopen = () => {
      this.#heard = Date.now();
      this.handlers.opened?.();
    };
    socket.onmessage = (event) => this.#socket === socket && this.#receive(JSON.parse(event.data));
    socket.onclose = (event) => this.#socket === socket && this.#closed(event.code);
  }

  /** @param {Message} message */
  #receive(message) {
    if (message.type === "snapshot") this.#attempts = 0; // not at "open": a server may accept and close at once
    if (message.type === "beat") {
      this.#heard = Date.now();
      this.send({ type: "ack", beat: message.beat });
    }
    this.handlers.message(message);
  }

  /** @param {number} code */
  #closed(code) {
    this.#socket = null;
    if (code === NOT_LOGGED_IN || code === FORBIDDEN) this.#over = true;
    if (code === NOT_LOGGED_IN) return this.handlers.loggedOut();
    if (code === FORBIDDEN) return this.handlers.forbidden();
    this.handlers.down();
    const longest = Math.min(LONGEST, SPREAD * 2 ** this.#attempts++);
    this.#retry = setTimeout(() => this.#open(), SHORTEST + Math.random() * (longest - SHORTEST));
  }

  #watch() {
    const now = Date.now();
    // Hidden pages get their timers late too, but hear beats: only a page in sight is taken for one that slept.
    const slept = now - this.#watched > SLEEP_GAP && !document.hidden;
    this.#watched = now;
    if (!this.#socket) return;
    const limit = this.#socket.readyState === WebSocket.CONNECTING ? OPEN_LIMIT : BEAT_LIMIT;
    if (slept || now - this.#heard > limit) this.#replace();
  }

  /** The person is back, or the network is: do not let them wait for a timer. */
  #wake() {
    if (this.#over) return;
    if (!this.#socket) this.#open();
    else if (Date.now() - this.#heard > STALE) this.#replace();
  }

  #replace() {
    const old = this.#socket;
    this.#socket = null; // from here on nothing the old one says counts
    old?.close();
    this.handlers.down();
    this.#open();
  }
}
