// How numbers and times are written: in the page's language, as the viewer's country does it. English for somebody in
// Britain has a clock of 24 hours, for somebody in the United States one of 12.

const language = document.documentElement.lang || "en";

/** Such as en-GB, for a page in English and a browser that prefers it. */
export const locale =
  navigator.languages.find((one) => one === language || one.startsWith(`${language}-`)) ?? language;
