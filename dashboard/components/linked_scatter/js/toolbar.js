// @ts-check
// The buttons above the panes.

import { ButtonGroup, createElement } from "./dom.js";

/** @typedef {"side-by-side" | "morph"} Arrangement */
/** @typedef {"move" | "box" | "lasso"} DragMode */
/** @typedef {"names" | "pictures" | "contours"} Part What can be shown of the classes besides their points. */

/** @type {[Arrangement, string, string][]} */
const ARRANGEMENTS = [
  ["side-by-side", "Side by side", "All spaces next to one another"],
  ["morph", "Overlaid (morph)", "One space turns into another"],
];

/** What the keyboard does on a map. */
export const KEYS = "Arrow keys move (with Shift they turn in 3-D), + and - zoom, 0 shows everything.";

/** @type {[DragMode, string, string][]} */
const DRAG_MODES = [
  [
    "move",
    "Move",
    `Drag to move (or turn in 3-D), wheel or two fingers to zoom; Shift and drag selects a box. ${KEYS}`,
  ],
  ["box", "Box", "Drag a box around classes; Shift adds to the selection"],
  ["lasso", "Lasso", "Draw around classes; Shift adds to the selection"],
];

const COPIED_MILLISECONDS = 1500; // that a button says so

/** @type {[Part, string, string][]} */
const PART_BUTTONS = [
  ["names", "Names", "Names of groups and, zoomed in, of classes, where they lie densest"],
  ["pictures", "Pictures", "Pictures in place of points, as many as have room; zoom in for more"],
  ["contours", "Contours", "Lines around the densest 25, 50, 75 and 95 % of the classes"],
];

/**
 * @typedef {object} ToolbarState
 * @property {Arrangement} arrangement
 * @property {DragMode} dragMode
 * @property {Set<Part>} parts
 * @property {Set<Part>} offeredParts
 * @property {boolean} areCamerasLinked
 * @property {number} projectionCount
 * @property {number} classCount
 * @property {number} selectedCount
 * @property {boolean} canClear
 * @property {boolean} canCopyLink
 */

export class Toolbar {
  /**
   * @param {object} actions
   * @param {(arrangement: Arrangement) => void} actions.onArrange
   * @param {(mode: DragMode) => void} actions.onDragMode
   * @param {(part: Part) => void} actions.onTogglePart
   * @param {() => void} actions.onToggleLinkedCameras
   * @param {() => void} actions.onReset
   * @param {() => Promise<void>} actions.onCopyLink
   * @param {() => void} actions.onClear
   */
  constructor({ onArrange, onDragMode, onTogglePart, onToggleLinkedCameras, onReset, onCopyLink, onClear }) {
    this.arrangements = new ButtonGroup(ARRANGEMENTS, "Arrangement", (value) =>
      onArrange(/** @type {Arrangement} */ (value)),
    );
    this.dragModes = new ButtonGroup(DRAG_MODES, "What dragging does", (value) =>
      onDragMode(/** @type {DragMode} */ (value)),
    );
    this.parts = new ButtonGroup(PART_BUTTONS, "What is shown of the classes", (value) =>
      onTogglePart(/** @type {Part} */ (value)),
    );
    this.linkCameras = createButton("Move together", "Moving one space moves the others alike", onToggleLinkedCameras);
    const reset = createButton("Reset view", "Show everything again (double click)", onReset);
    this.copyLink = createButton("Copy link", "Copy an address that brings back all that is shown here", async () => {
      const copied = onCopyLink().then(
        () => "Copied",
        () => "Not copied", // the browser refuses it
      );
      this.copyLink.textContent = await copied;
      setTimeout(() => (this.copyLink.textContent = "Copy link"), COPIED_MILLISECONDS);
    });
    this.copyLink.setAttribute("aria-live", "polite");
    this.count = createElement("span", { className: "count" });
    this.count.setAttribute("aria-live", "polite");
    this.clear = createButton("Clear", "Select nothing (Escape)", () => this.canClear && onClear());
    const selection = createElement("span", { className: "selection" }, this.count, this.clear);
    const groups = [this.arrangements.element, this.dragModes.element, this.parts.element];
    this.element = createElement(
      "div",
      { className: "toolbar" },
      ...groups,
      this.linkCameras,
      reset,
      this.copyLink,
      selection,
    );
  }

  /** @param {ToolbarState} state */
  update(state) {
    const hasOneProjection = state.projectionCount < 2;
    this.arrangements.element.hidden = hasOneProjection;
    this.arrangements.setPressed(state.arrangement);
    this.dragModes.setPressed(state.dragMode);
    this.parts.setPressed(...state.parts);
    for (const button of this.parts.buttons) {
      button.hidden = !state.offeredParts.has(/** @type {Part} */ (button.value));
    }
    this.linkCameras.hidden = hasOneProjection || state.arrangement === "morph";
    this.linkCameras.setAttribute("aria-pressed", String(state.areCamerasLinked));
    this.copyLink.hidden = !state.canCopyLink;
    const selected = state.selectedCount ? state.selectedCount.toLocaleString("en") : "None";
    const count = `${selected} of ${state.classCount.toLocaleString("en")} selected`;
    if (this.count.textContent !== count) this.count.textContent = count; // a live region is read aloud when changed
    this.canClear = state.canClear;
    this.clear.setAttribute("aria-disabled", String(!state.canClear)); // disabled, it would lose the keyboard's focus
  }
}

/**
 * @param {string} textContent
 * @param {string} title
 * @param {() => void} onclick
 */
function createButton(textContent, title, onclick) {
  return createElement("button", { type: "button", textContent, title, onclick });
}
