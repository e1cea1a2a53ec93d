/**
 * A copy of a `<template>` and its named parts. Parts are filled with textContent only: no data ever becomes markup.
 *
 * @param {string} id
 * @returns {{node: HTMLElement, parts: Record<string, any>}}
 */
export function stamp(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const node = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  /** @type {Record<string, any>} */ const parts = {};
  for (const part of node.querySelectorAll("[data-part]")) parts[part.getAttribute("data-part") ?? ""] = part;
  return { node, parts };
}

/**
 * Writes only what is new: an unchanged text must not make the browser, or a screen reader, work.
 *
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A button that goes while it has the focus hands it to what it is in: the next Tab starts there, not at the page's top.
 *
 * @param {HTMLElement} node
 * @param {() => void} change
 */
export function handOver(node, change) {
  const focused = document.activeElement;
  const inside = focused !== node && node.contains(focused);
  change();
  if (inside && !(/** @type {HTMLElement} */ (focused).checkVisibility())) node.focus({ preventScroll: true });
}

/** @param {string} id @returns {any} the element, which board.html always has */
export const byId = (id) => document.getElementById(id);
