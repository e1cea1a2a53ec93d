// Time as the server has it: a receptionist's computer may be minutes wrong, and all its tiles with it.

import { locale } from "../locale.js";

/** Smaller differences are the network's jitter; following them would make the seconds stutter. */
const JITTER = 300;

let offset = 0;

/** @param {number} now the server's time, as it just said */
export function setServerTime(now) {
  const heard = now - Date.now();
  if (Math.abs(heard - offset) > JITTER) offset = heard;
}

export const serverNow = () => Date.now() + offset;

/**
 * 0:07, 12:30, 1:02:03
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

/**
 * The time of day of a server's moment; with the day when it was not today.
 *
 * @param {number} moment
 */
export function timeOfDay(moment) {
  const date = new Date(moment - offset);
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : /** @type {const} */ ({ day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(locale, { ...day, hour: "2-digit", minute: "2-digit" }).format(date);
}

/** Where a lot says nothing else: the share of its time, and the least seconds, in which a call goes back soon. */
const SOON = { share: 0.15, least: 15 };
/** Seconds after which a call has waited long in a lot that gives none back. */
const LONG = 120;

/**
 * How old a call is, as a word: what the tile's colour, icon and words are made from.
 *
 * @param {import("./types.js").Call} call
 * @param {number} now
 * @param {Pick<import("./types.js").Lot, "long_after" | "soon_before">} lot which may have thresholds of its own
 */
export function ageOf(call, now, { long_after: longAfter, soon_before: soonBefore }) {
  const waited = Math.max(0, now - call.waiting_since) / 1000;
  const seconds = Math.floor(waited);
  if (call.timeout_at === null) return { age: waited > (longAfter || LONG) ? "long" : "fresh", seconds, left: null, share: 0 };
  const left = Math.max(0, call.timeout_at - now) / 1000;
  const whole = Math.max(1, call.timeout_at - call.parked_at);
  const share = Math.min(1, Math.max(0, now - call.parked_at) / whole);
  const soon = soonBefore ? left <= soonBefore : left <= SOON.least || share > 1 - SOON.share;
  const long = longAfter ? waited > longAfter : share > 0.5;
  return { age: soon ? "soon" : long ? "long" : "fresh", seconds, left: Math.ceil(left), share };
}
