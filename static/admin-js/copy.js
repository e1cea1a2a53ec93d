// Buttons that copy the text of an element; without a clipboard they stay hidden and the text is marked by hand.

const SHOWN = 2000;

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  const words = button.textContent;
  let timer = 0;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy ?? "");
    await navigator.clipboard.writeText(source?.textContent ?? "");
    button.textContent = button.dataset.done ?? words;
    clearTimeout(timer);
    timer = setTimeout(() => (button.textContent = words), SHOWN);
  });
}
