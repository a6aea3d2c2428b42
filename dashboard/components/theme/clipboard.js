// A clipboard for pages that the browser gives none.

/** Let buttons copy at an address without encryption too, such as in a class room: browsers have no clipboard there. */
export function polyfillClipboard() {
  if (!navigator.clipboard) Object.defineProperty(navigator, "clipboard", { value: { writeText } });
}

/**
 * Copy a text by selecting it; the focus stays where it is, so that nothing that is open closes.
 *
 * @param {string} text
 */
async function writeText(text) {
  const copied = document.createElement("span");
  copied.textContent = text;
  copied.style.cssText = "position: fixed; clip-path: inset(50%); white-space: pre; user-select: text;";
  document.body.append(copied);
  getSelection()?.selectAllChildren(copied);
  const isDone = document.execCommand("copy");
  copied.remove();
  if (!isDone) throw new Error("The browser does not let the page copy.");
}
