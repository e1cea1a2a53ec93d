// My calls, in one line above the lots: live while it is shown. Its height never changes, so nothing below it moves.

import { toast } from "./announce.js";
import { duration } from "./clock.js";
import { byId, stamp, write } from "./parts.js";
import { recall, remember } from "./remember.js";
import { put, Still } from "./still.js";
import { callerName, say } from "./words.js";

const SHOWN = "mine";

export class Mine {
  /** @type {Map<string, {node: HTMLElement, parts: Record<string, any>}>} */ #chips = new Map();
  #still = new Still();
  #list = /** @type {HTMLElement} */ (byId("mine-list"));
  #toggle = /** @type {HTMLElement} */ (byId("mine-toggle"));

  /**
   * @param {import("./talks.js").Talks} talks
   * @param {import("./park.js").ParkTalk} park
   * @param {() => boolean} isLive
   */
  constructor(talks, park, isLive) {
    this.talks = talks;
    this.park = park;
    this.isLive = isLive;
    this.#toggle.addEventListener("click", () => {
      remember(SHOWN, this.#isShown ? "" : "yes");
      this.draw();
    });
    this.#list.addEventListener("click", (event) => this.#click(event));
  }

  get #isShown() {
    return recall(SHOWN) === "yes";
  }

  draw() {
    const may = this.park.may();
    const shown = may && this.#isShown;
    this.#toggle.hidden = !may;
    this.#toggle.setAttribute("aria-expanded", String(shown));
    if (byId("mine").hidden === shown) {
      byId("mine").hidden = !shown;
      this.talks.want("mine", shown);
    } else if (shown) this.talks.look();
    if (shown) this.#fill();
  }

  tick() {
    for (const talk of this.talks.list) {
      const chip = this.#chips.get(talk.uniqueid);
      if (chip) write(chip.parts.time, duration(talk.seconds));
    }
  }

  /** Whether a call may have moved just now. @param {Element} node */
  at(node) {
    return { moved: this.#still.isUnsettled(node) };
  }

  #fill() {
    const { list, isKnown, failed } = this.talks;
    write(byId("mine-none"), list.length ? "" : say(failed || !this.isLive() ? "mine.failed" : isKnown ? "mine.none" : "mine.asking"));
    for (const id of this.#chips.keys()) if (!list.some(({ uniqueid }) => uniqueid === id)) this.#drop(id);
    list.forEach((talk, at) => this.#chip(talk, at));
  }

  /** @param {import("./choices.js").Talk} talk @param {number} at */
  #chip(talk, at) {
    const { node, parts } = this.#chips.get(talk.uniqueid) ?? this.#make(talk.uniqueid);
    const caller = callerName(talk);
    put(this.#list, node, at);
    write(parts.name, caller);
    write(parts.number, talk.name ? talk.number : "");
    write(parts.time, duration(talk.seconds));
    parts.park.setAttribute("aria-label", say("mine.park_name", { caller }));
    parts.park.setAttribute("aria-disabled", String(!this.isLive()));
  }

  /** @param {string} id */
  #make(id) {
    const made = stamp("talk-template");
    made.node.dataset.talk = id;
    this.#chips.set(id, made);
    return made;
  }

  /** @param {string} id */
  #drop(id) {
    const { node } = /** @type {{node: HTMLElement}} */ (this.#chips.get(id));
    const focused = node.contains(document.activeElement);
    node.remove();
    this.#chips.delete(id);
    this.#still.moved(-1); // those behind it have come up
    if (focused) this.#toggle.focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const chip = /** @type {HTMLElement | null | undefined} */ (button?.closest("[data-talk]"));
    if (!chip || event.detail > 1 || button?.getAttribute("aria-disabled") === "true") return;
    if (event.detail && this.#still.isUnsettled(chip)) return toast(say("progress.just_changed"), "plain");
    this.park.open(chip.dataset.talk);
  }
}
