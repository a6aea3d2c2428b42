// @ts-check
// The legend beneath the panes: a button per category, or the bar of a sequential scale.

import { categorySigns, cssColour, sequentialColour, UNKNOWN_SIGN } from "./colours.js";
import { createElement } from "./dom.js";
import { formatNumber } from "./numbers.js";
import { clipPath, SHAPES } from "./shapes.js";

/** @import { Sign } from "./colours.js" */
/** @import { ColourScale } from "./scene.js" */

const GRADIENT_STEPS = 9;

export class Legend {
  element = createElement("div", { className: "legend" });
  /** @type {HTMLButtonElement[]} One per category. */
  buttons = [];
  /** @type {ColourScale | null} The scale that the element shows. */
  scale = null;
  dark = false;

  /**
   * @param {object} actions
   * @param {(category: number | null) => void} actions.onHighlight Called with the category under the pointer, or null.
   * @param {(rows: number[], adds: boolean) => void} actions.onSelect
   */
  constructor(actions) {
    this.actions = actions;
  }

  /**
   * @param {ColourScale} scale
   * @param {boolean} dark
   * @param {Set<number>} selected
   */
  update(scale, dark, selected) {
    if (scale !== this.scale || dark !== this.dark) {
      Object.assign(this, { scale, dark });
      this.build(scale, dark);
    }
    const categories = new Set(Array.from(selected, (row) => scale.values[row]));
    this.buttons.forEach((button, category) =>
      button.classList.toggle("inactive", categories.size > 0 && !categories.has(category)),
    );
  }

  /**
   * @param {ColourScale} scale
   * @param {boolean} dark
   */
  build(scale, dark) {
    const title = createElement("span", { className: "title", textContent: scale.title });
    this.buttons = categorySigns(scale).map((sign, category) => this.categoryButton(scale, category, sign));
    const content = scale.categories
      ? createElement("div", { className: "categories" }, ...this.buttons, ...unknownMark(scale))
      : colourBar(scale, dark);
    this.element.replaceChildren(title, content);
  }

  /**
   * @param {ColourScale} scale
   * @param {number} category
   * @param {Sign} sign
   */
  categoryButton({ values, categories }, category, sign) {
    const names = categories ?? [];
    const rows = Array.from(values.keys()).filter((row) => values[row] === category);
    const button = createElement(
      "button",
      { type: "button", title: `Select the ${rows.length} classes of ${names[category]}` },
      createDot(sign),
      createElement("span", { textContent: names[category] }),
      createElement("small", { textContent: String(rows.length) }),
    );
    button.onpointerenter = () => this.actions.onHighlight(category);
    button.onpointerleave = () => this.actions.onHighlight(null);
    button.onclick = (event) => this.actions.onSelect(rows, event.shiftKey);
    return button;
  }
}

/**
 * What stands for unknown values, where there are any.
 *
 * @param {ColourScale} scale
 */
function unknownMark({ values }) {
  if (!values.some(Number.isNaN)) return [];
  const dot = createDot(UNKNOWN_SIGN);
  return [createElement("span", { className: "unknown" }, dot, "unknown")];
}

/** @param {Sign} sign */
function createDot({ colour, shape }) {
  const dot = createElement("i", { className: `dot ${SHAPES[shape]}` });
  dot.style.color = cssColour(colour);
  dot.style.clipPath = clipPath(shape);
  return dot;
}

/**
 * @param {ColourScale} scale
 * @param {boolean} dark
 */
function colourBar(scale, dark) {
  const { low, high } = scale;
  const end = (/** @type {number} */ value) => createElement("span", { textContent: formatNumber(value, high - low) });
  const steps = Array.from({ length: GRADIENT_STEPS }, (_, i) =>
    cssColour(sequentialColour(i / (GRADIENT_STEPS - 1), dark)),
  );
  const bar = createElement("i", { className: "colour-bar" });
  bar.style.background = `linear-gradient(to right, ${steps.join()})`;
  return createElement("span", { className: "colour-scale" }, end(low), bar, end(high), ...unknownMark(scale));
}
