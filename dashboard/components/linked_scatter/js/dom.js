// @ts-check
// Elements of the page. Text enters as text nodes and properties, never as HTML.

/**
 * Create an element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<Omit<HTMLElementTagNameMap[Tag], "style" | "dataset">>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function createElement(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A row of buttons of which some are pressed. */
export class ButtonGroup {
  /**
   * @param {[value: string, text: string, title: string][]} options
   * @param {string} label Read aloud by screen readers.
   * @param {(value: string) => void} onChoose
   */
  constructor(options, label, onChoose) {
    this.buttons = options.map(([value, textContent, title]) =>
      createElement("button", { type: "button", value, textContent, title, onclick: () => onChoose(value) }),
    );
    this.element = createElement("div", { className: "button-group" }, ...this.buttons);
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", label);
  }

  /** @param {...string} values */
  setPressed(...values) {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(values.includes(button.value)));
  }
}
