// @ts-check
// The tooltip of the class, sentence or pin under the pointer.

import { createElement } from "./dom.js";
import { formatNumber, valueRange } from "./numbers.js";

/** @import { Hit } from "./hit_testing.js" */
/** @import { Pin, Scene, Thumbnails } from "./scene.js" */

const THUMBNAIL_PIXELS = 72;
const POINTER_DISTANCE = 14; // CSS pixels

export class Tooltip {
  element = createElement("div", { className: "tooltip", hidden: true });

  /**
   * @param {Scene} scene
   * @param {Hit} hit
   */
  show(scene, { row, sentence, pin }) {
    this.element.hidden = pin === null && row === null;
    if (pin !== null) this.element.replaceChildren(pinText(scene.pins[pin]));
    else if (row !== null) this.element.replaceChildren(...classContent(scene, row, sentence));
  }

  hide() {
    this.element.hidden = true;
  }

  /**
   * Put it beside the pointer, within the container.
   *
   * @param {Element} container
   * @param {MouseEvent} event
   */
  moveTo(container, event) {
    const bounds = container.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    const right = x + POINTER_DISTANCE;
    const left = right + width > bounds.width ? x - POINTER_DISTANCE - width : right;
    const top = Math.min(y + POINTER_DISTANCE, bounds.height - height);
    const [dx, dy] = [left, top].map((pixels) => Math.max(0, Math.round(pixels)));
    this.element.style.transform = `translate(${dx}px, ${dy}px)`;
  }
}

/** @param {Pin} pin */
function pinText({ label, nearest }) {
  const lines = nearest.length ? [detailLine("Nearest", nearest.join(", "))] : [];
  return createElement("div", {}, createElement("b", { textContent: label }), ...lines);
}

/**
 * Picture, name, group and values of a class; for a sentence its text, without the other values.
 *
 * @param {Scene} scene
 * @param {number} row
 * @param {number | null} sentence
 */
function classContent({ names, groups, colour, details, sentences, thumbnails }, row, sentence) {
  const lines = [];
  if (!colour.categories) {
    lines.push(detailLine(colour.title, formatNumber(colour.values[row], colour.high - colour.low)));
  }
  if (sentence === null) {
    for (const [title, values] of Object.entries(details)) {
      if (title !== colour.title || colour.categories)
        lines.push(detailLine(title, formatNumber(values[row], valueRange(values))));
    }
  }
  const quote = sentence === null ? [] : [createElement("p", { textContent: sentences?.texts[sentence] })];
  const text = createElement(
    "div",
    {},
    ...quote,
    createElement("b", { textContent: names[row] }),
    createElement("span", { className: "group", textContent: groups[row] }),
    ...lines,
  );
  return thumbnails ? [thumbnail(thumbnails, row), text] : [text];
}

/**
 * @param {string} title
 * @param {string} value
 */
function detailLine(title, value) {
  return createElement("span", { className: "detail" }, createElement("em", { textContent: title }), ` ${value}`);
}

/**
 * @param {Thumbnails} thumbnails
 * @param {number} row
 */
function thumbnail({ uri, columns, pixels }, row) {
  const side = THUMBNAIL_PIXELS;
  const [x, y] = [row % columns, Math.floor(row / columns)];
  const element = createElement("i", { className: "thumbnail" });
  Object.assign(element.style, {
    width: `${side}px`,
    height: `${side}px`,
    backgroundImage: `url("${uri}")`,
    backgroundSize: `${columns * side}px auto`,
    backgroundPosition: `${-x * side}px ${-y * side}px`,
    imageRendering: pixels < side ? "auto" : "",
  });
  return element;
}
