/** Text nodes that a translator took out of the page, and the element that it put in their place. */
const standIns = new WeakMap();
const NOT_LANGUAGE = "pre, code, .katex"; // "cos" would be translated as "because"

/**
 * Keep a page right that the browser translates: Chrome's translator takes text nodes out and puts FONT elements in
 * their place. React, which Streamlit draws with, would go on writing into nodes that are gone, so that old figures
 * stayed, and fail at removing them (react/react#11538). Here they come back before it does; their new text is
 * translated anew.
 */
export function bearTranslation() {
  const { appendChild, insertBefore, removeChild } = Node.prototype;
  const value = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  Node.prototype.appendChild = function (added) {
    bringBack(added);
    appendChild.call(this, added);
    return added;
  };
  Node.prototype.insertBefore = function (added, next) {
    bringBack(added);
    bringBack(next);
    insertBefore.call(this, added, next);
    return added;
  };
  Node.prototype.removeChild = function (child) {
    bringBack(child);
    removeChild.call(this, child);
    return child;
  };
  Object.defineProperty(Node.prototype, "nodeValue", {
    ...value,
    set(text) {
      bringBack(this);
      value?.set?.call(this, text);
    },
  });
  new MutationObserver(noteChanges).observe(document.body, { childList: true, subtree: true });
  exempt(document.body);
}

/** @param {Node | null} node */
function bringBack(node) {
  if (node && !node.parentNode) standIns.get(node)?.replaceWith(node);
}

/** @param {MutationRecord[]} records */
function noteChanges(records) {
  for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
    const standIn = [...addedNodes, previousSibling, nextSibling].find((node) => node?.nodeName === "FONT");
    for (const node of removedNodes) if (node instanceof Text && standIn) standIns.set(node, standIn);
    for (const node of addedNodes) if (node instanceof Element) exempt(node);
  }
}

/** @param {Element} root */
function exempt(root) {
  for (const element of [root, ...root.querySelectorAll(NOT_LANGUAGE)]) {
    if (element.matches(NOT_LANGUAGE)) element.setAttribute("translate", "no");
  }
}
