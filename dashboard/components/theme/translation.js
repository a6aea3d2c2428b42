// Browser translation of pages that React draws.

/** Text nodes that a translator took out of the page, and the element that it put in their place. */
const replacements = new WeakMap();
const NOT_LANGUAGE = "pre, code, .katex"; // "cos" would be translated as "because"

/**
 * Keep a page right that the browser translates: Chrome's translator takes text nodes out and puts FONT elements in
 * their place. React, which Streamlit draws with, would go on writing into nodes that are gone, so that old figures
 * stayed, and fail at removing them (react/react#11538). Here they come back before it does; their new text is
 * translated anew.
 */
export function surviveTranslation() {
  const { appendChild, insertBefore, removeChild } = Node.prototype;
  const value = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  Node.prototype.appendChild = function (added) {
    restoreNode(added);
    appendChild.call(this, added);
    return added;
  };
  Node.prototype.insertBefore = function (added, next) {
    restoreNode(added);
    restoreNode(next);
    insertBefore.call(this, added, next);
    return added;
  };
  Node.prototype.removeChild = function (child) {
    restoreNode(child);
    removeChild.call(this, child);
    return child;
  };
  Object.defineProperty(Node.prototype, "nodeValue", {
    ...value,
    set(text) {
      restoreNode(this);
      value?.set?.call(this, text);
    },
  });
  new MutationObserver(noteReplacements).observe(document.body, { childList: true, subtree: true });
  excludeFromTranslation(document.body);
}

/** @param {Node | null} node */
function restoreNode(node) {
  if (node && !node.parentNode) replacements.get(node)?.replaceWith(node);
}

/** @param {MutationRecord[]} records */
function noteReplacements(records) {
  for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
    const replacement = [...addedNodes, previousSibling, nextSibling].find((node) => node?.nodeName === "FONT");
    for (const node of removedNodes) if (node instanceof Text && replacement) replacements.set(node, replacement);
    for (const node of addedNodes) if (node instanceof Element) excludeFromTranslation(node);
  }
}

/** @param {Element} root */
function excludeFromTranslation(root) {
  for (const element of [root, ...root.querySelectorAll(NOT_LANGUAGE)]) {
    if (element.matches(NOT_LANGUAGE)) element.setAttribute("translate", "no");
  }
}
