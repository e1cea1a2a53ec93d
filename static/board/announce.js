// What is said in passing: to screen readers what came and went, to everybody how a command ended.

import { byId, stamp, write } from "./parts.js";
import { callerName, say, slotLabel } from "./words.js";

/** @typedef {import("./types.js").Happening} Happening */

const PAUSE = 800; // what happens within this time is told in one breath
const MANY = 3;
const SHOWN = 10_000;
const MOST = 3; // lines at the foot: more would cover the board

/** @type {string[]} */ let sentences = [];
/** @type {Happening[]} */ let happenings = [];
let timer = 0;
/** Where the focus was before it went to the foot of the page. @type {HTMLElement | null} */ let before = null;

/** @param {string} sentence */
export function announce(sentence) {
  if (sentences.at(-1) !== sentence) sentences.push(sentence);
  later();
}

/** @param {Happening[]} news */
export function announceCalls(news) {
  happenings.push(...news);
  if (news.length) later();
}

function later() {
  timer ||= setTimeout(flush, PAUSE);
}

function flush() {
  timer = 0;
  byId("announcer").textContent = [...sentences, ...callSentences()].join(" ");
  sentences = [];
  happenings = [];
}

/** @returns {string[]} */
function callSentences() {
  if (happenings.length <= MANY) {
    return happenings.map(({ kind, lot, call }) => {
      const slot = slotLabel(call.slot, lot.names[call.slot]);
      return say(`frame.said_${kind}`, { caller: callerName(call.caller), slot, lot: lot.label || lot.name });
    });
  }
  const parked = happenings.filter(({ kind }) => kind === "parked").length;
  return [say("frame.said_many", { parked, left: happenings.length - parked })];
}

/**
 * A line at the foot of the page. It stays while the pointer or the focus is on it.
 *
 * @param {string} words
 * @param {"good" | "bad" | "plain"} tone
 * @param {{words: string, act: () => void}} [offer] what can be done about it
 */
export function toast(words, tone, offer) {
  const { node, parts } = stamp("toast-template");
  parts.words.textContent = words;
  node.dataset.tone = tone;
  let timer = 0;
  const leave = () => (timer = setTimeout(() => node.remove(), SHOWN));
  const stay = () => clearTimeout(timer);
  node.addEventListener("pointerenter", stay);
  node.addEventListener("focusin", ({ relatedTarget }) => {
    stay();
    if (relatedTarget instanceof HTMLElement && !byId("toasts").contains(relatedTarget)) before = relatedTarget;
  });
  node.addEventListener("pointerleave", leave);
  node.addEventListener("focusout", leave);
  const close = () => {
    const focused = node.contains(document.activeElement);
    node.remove();
    if (focused) (before?.checkVisibility() ? before : byId("content")).focus({ preventScroll: true });
  };
  parts.dismiss.addEventListener("click", close);
  parts.offer.hidden = !offer;
  write(parts.offer, offer?.words ?? "");
  parts.offer.addEventListener("click", () => {
    close();
    offer?.act();
  });
  if (!offer) forgetSame(words);
  byId("toasts").append(node);
  forgetOldest();
  leave();
}

/** Lines at the foot that nobody is at. @returns {HTMLElement[]} */
const idle = () => [.../** @type {NodeListOf<HTMLElement>} */ (byId("toasts").querySelectorAll(".toast:not(:hover, :focus-within)"))];

/** @param {HTMLElement} node */
const offers = (node) => node.querySelector(".toast-offer:not([hidden])") !== null;

/** What is said again takes the place of what was said before. @param {string} words */
function forgetSame(words) {
  for (const node of idle()) if (!offers(node) && node.querySelector("p")?.textContent === words) node.remove();
}

/** One that offers something stays longer than those that only tell. */
function forgetOldest() {
  const old = idle().slice(0, -1);
  const surplus = byId("toasts").childElementCount - MOST;
  if (surplus > 0) for (const node of [...old.filter((one) => !offers(one)), ...old.filter(offers)].slice(0, surplus)) node.remove();
}
