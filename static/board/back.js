// A caller who waited too long: on the way back to who parked the call, or to somebody else. Boards and walls say it alike.

import { duration } from "./clock.js";
import { nameAndNumber, say } from "./words.js";

/** @typedef {import("./types.js").Back} Back */

/** Who is rung, in one word. @param {Back} back */
const whom = ({ ringing }) => (ringing.length > 2 ? say("tile.back_many", { first: ringing[0], count: ringing.length - 1 }) : ringing.join(", "));

/**
 * Where the call is, in words: "Going back to Tom Front, ringing 0:12".
 *
 * @param {Back} back
 * @param {number} now
 */
export function backWords(back, now) {
  const time = duration(Math.floor((now - back.since) / 1000));
  const who = whom(back) || nameAndNumber({ ...back.parker, number: back.parker.name ? "" : back.parker.number });
  if (back.ringing.length) return say(`tile.back_${back.stage}`, { who, time });
  if (back.stage === "fallback") return say("tile.back_nobody", { time });
  return who ? say("tile.back_soon", { who }) : say("tile.back_begun");
}

/** The same once, without a running clock, for a screen reader. @param {Back} back @param {string} caller */
export function backSaid(back, caller) {
  const who = whom(back);
  return who ? say(`frame.said_back_${back.stage}`, { caller, who }) : "";
}
