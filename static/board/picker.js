// A list that is narrowed by typing: arrows move in it, Enter takes the line that is marked, which is the first at once.

import { write } from "./parts.js";

/** @typedef {{id: string, words: string, beside: string, typed?: boolean}} Line `typed`: only for who types */

const MOST = 100; // more are found by typing on

export class Picker {
  /** @type {Line[]} */ #lines = [];
  /** @type {Line[]} */ #shown = [];
  #at = 0;

  /**
   * @param {HTMLInputElement} input a combobox
   * @param {HTMLElement} list its listbox
   * @param {HTMLElement} none what is said when nothing fits
   * @param {(id: string) => void} choose
   */
  constructor(input, list, none, choose) {
    this.input = input;
    this.list = list;
    this.none = none;
    this.choose = choose;
    input.addEventListener("input", () => this.#draw(0));
    input.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    list.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest("[data-id]") : null;
      if (line) this.choose(line.getAttribute("data-id") ?? "");
    });
  }

  /** @param {Line[]} lines @param {boolean} anew whether what was typed is forgotten */
  show(lines, anew) {
    this.#lines = lines;
    if (anew) this.input.value = "";
    this.#draw(anew ? 0 : this.#at);
  }

  /** @param {number} at */
  #draw(at) {
    const words = this.input.value.toLowerCase().split(/\s+/);
    const typed = words.some(Boolean);
    const fits = (/** @type {Line} */ { words: name, beside, typed: late }) => (typed || !late) && words.every((word) => `${name} ${beside}`.toLowerCase().includes(word));
    this.#shown = this.#lines.filter(fits).slice(0, MOST);
    this.list.replaceChildren(...this.#shown.map((line, place) => option(this.list.id, line, place)));
    this.none.hidden = this.#shown.length > 0;
    this.#mark(at);
  }

  takeMarked() {
    const line = this.#shown[this.#at];
    if (line) this.choose(line.id);
  }

  /** @param {number} at */
  #mark(at) {
    this.#at = Math.max(0, Math.min(at, this.#shown.length - 1));
    for (const [place, node] of [...this.list.children].entries()) {
      node.setAttribute("aria-selected", String(place === this.#at));
    }
    const marked = this.list.children[this.#at];
    this.input.setAttribute("aria-activedescendant", marked?.id ?? "");
    marked?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, number>} */
    const ways = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1 };
    if (event.isComposing) return; // an input method is writing; its Enter is not ours
    if (event.key === "Enter") {
      event.preventDefault();
      if (!event.repeat) this.takeMarked();
    } else if (event.key in ways) {
      event.preventDefault();
      this.#mark(ways[event.key]);
    }
  }
}

/** @param {string} list @param {Line} line @param {number} place */
function option(list, { id, words, beside }, place) {
  const node = document.createElement("li");
  node.id = `${list}-${place}`;
  node.setAttribute("role", "option");
  node.dataset.id = id;
  const name = document.createElement("span");
  const number = document.createElement("span");
  write(name, words);
  write(number, beside);
  node.append(name, " ", number);
  return node;
}
