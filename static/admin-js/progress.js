// How a publication goes, asked for until it has ended.

/** @typedef {{state: string, words: string, step: string, done: number, total: number, message: string, ended: boolean}} Progress */

const AGAIN = 500;
const SLOW = 20_000;
const box = /** @type {HTMLElement} */ (document.querySelector("[data-progress]"));
/** @param {string} name @returns {any} a part of the box, which progress.html always has */
const part = (name) => box.querySelector(`[data-${name}]`);
const began = performance.now();

/** @param {Progress} now */
function show(now) {
  const words = now.words.charAt(0).toUpperCase() + now.words.slice(1);
  if (part("verdict").textContent !== words) part("verdict").textContent = words;
  box.dataset.state = now.state;
  part("step").textContent = now.step;
  if (now.total) {
    part("bar").max = now.total;
    part("bar").value = now.done;
  }
  part("slow").hidden = performance.now() - began < SLOW;
  part("going").hidden = now.ended;
  part("done").hidden = !now.ended;
  part("live").hidden = now.state !== "live";
  part("failed").hidden = !["failed", "returned"].includes(now.state);
  part("returned").hidden = now.state !== "returned";
  part("broken").hidden = now.state !== "failed";
  part("message").textContent = now.message;
  if (now.ended) part("said").textContent = `${words}. ${now.message}`;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.progress ?? "", { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    /** @type {Progress} */ const now = await answer.json();
    part("lost").hidden = true;
    show(now);
    if (now.ended) return;
  } catch {
    part("lost").hidden = false; // the portal may be starting again; publishing itself goes on elsewhere
  }
  setTimeout(ask, AGAIN);
}

if (!part("going").hidden) setTimeout(ask, AGAIN);
