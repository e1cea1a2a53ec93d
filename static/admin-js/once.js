// A page that answered a form and shows something once: loading it again shows the row, and sends no form again.

const address = /** @type {HTMLElement | null} */ (document.querySelector("[data-address]"))?.dataset.address;
if (address) history.replaceState(null, "", address);
