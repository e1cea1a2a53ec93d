// Two soft tones, made here: no file to load. Browsers allow sound only after a click or a key; until then it waits.

/** @type {AudioContext | null} */ let audio = null;

const PITCH = [660, 880];
const LONG = 0.16;

/** After a reload the first click or key wakes it. */
export function readySound() {
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { once: true });
}

function wake() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
  return audio;
}

/** @param {number} rank 1: waiting long, 2: returning soon, which is said higher and more often */
export function beep(rank) {
  if (!audio && !navigator.userActivation?.hasBeenActive) return;
  const context = wake();
  for (let tone = 0; tone < 1 + rank; tone++) play(context, PITCH[rank - 1] ?? PITCH[0], context.currentTime + tone * LONG * 1.5);
}

/** @param {AudioContext} context @param {number} pitch @param {number} at */
function play(context, pitch, at) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.2, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + LONG);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + LONG);
}
