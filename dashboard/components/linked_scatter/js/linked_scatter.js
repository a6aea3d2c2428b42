// @ts-check
// Scatter plots that share one selection, with their toolbar, legend and tooltip.
// Its root element says in data attributes what state it is in: data-arrangement, data-drag-mode, data-selected,
// data-focused, data-pins, data-shown, data-morph, data-renderer.

import { newCamera } from "./camera.js";
import { classSigns, readTheme } from "./colours.js";
import { createControls, offeredParts } from "./controls.js";
import { createElement } from "./dom.js";
import { NO_HIT } from "./hit_testing.js";
import { PictureSheet } from "./pictures.js";
import { Pane } from "./pane.js";
import { paneShape, placedCount, unpackScene } from "./scene.js";
import { selectByClick, selectRows } from "./selection.js";
import { pointStyles } from "./styles.js";
import { Tooltip } from "./tooltip.js";

/** @import { Camera } from "./camera.js" */
/** @import { Sign, Theme } from "./colours.js" */
/** @import { Hit } from "./hit_testing.js" */
/** @import { MorphKeys } from "./morph_controls.js" */
/** @import { Scene, SentData } from "./scene.js" */
/** @import { Arrangement, DragMode, Part } from "./toolbar.js" */

/** @typedef {{ selected: number[], focused: number | null, reportedAt: number }} ReportedSelection */

/** @type {Map<string, object>} State of each scatter when it was last taken off the page. */
const savedStates = new Map();

export class LinkedScatter {
  /** @type {Scene} */
  scene;
  /** @type {Theme} */
  theme;
  /** @type {Sign[]} One per class. */
  signs = [];
  /** @type {string | null} */
  sceneId = null;
  /** @type {string | null} */
  selectionToken = null;
  /** @type {Set<number>} */
  selected = new Set();
  /** @type {number | null} */
  focused = null;
  /** @type {Hit} */
  hovered = NO_HIT;
  /** @type {Pane | null} */
  hoveredPane = null;
  /** @type {number | null} Category under the pointer in the legend. */
  highlightedCategory = null;
  /** @type {Arrangement} */
  arrangement = "side-by-side";
  /** @type {DragMode} */
  dragMode = "move";
  /** @type {Set<Part>} */
  parts = new Set(["names"]);
  /** @type {PictureSheet | null} */
  sheet = null;
  /** @type {boolean | null} Null until the first scene says whether its panes share a coordinate frame. */
  areCamerasLinked = null;
  /** @type {Pane[]} One per projection. */
  projectionPanes = [];
  /** @type {Record<string, Camera>} By pane key. */
  savedCameras = {};
  /** @type {(selection: ReportedSelection) => void} */
  reportSelection = () => {};
  /** @type {(() => Promise<void>) | null} Copies an address that holds the view, where there is one. */
  copyLink = null;
  /** Called when a camera, the arrangement or the morph has changed. */
  onViewChange = () => {};

  /**
   * @param {Element} host
   * @param {string} key
   * @param {object} [view] What is shown at first, unless a scatter of this key was there before.
   */
  constructor(host, key, view = {}) {
    this.key = key;
    this.prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { toolbar, morph, legend } = createControls(this);
    this.toolbar = toolbar;
    this.morph = morph;
    this.legend = legend;
    this.tooltip = new Tooltip();
    this.morphPane = new Pane(this, "", { isMorph: true });
    this.paneGrid = createElement("div", { className: "panes" });
    const parts = [this.toolbar, this.morph, { element: this.paneGrid }, this.tooltip];
    this.root = createElement("div", { className: "linked-scatter" }, ...parts.map(({ element }) => element));
    host.append(this.root);
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.select([]);
    });
    this.colourScheme = matchMedia("(prefers-color-scheme: dark)");
    this.onColourScheme = () => this.refresh();
    this.colourScheme.addEventListener("change", this.onColourScheme);
    const { morph: morphState, ...own } = /** @type {any} */ (savedStates.get(key) ?? view);
    Object.assign(this, own);
    Object.assign(this.morph, morphState);
  }

  get panes() {
    return [...this.projectionPanes, this.morphPane];
  }

  get view() {
    const savedCameras = Object.fromEntries(this.panes.map(({ key, camera }) => [key, camera]));
    const { progress, keys } = this.morph;
    return { savedCameras, arrangement: this.arrangement, parts: this.parts, morph: { progress, keys } };
  }

  /** @param {SentData} data */
  update({ id, scene, selection, height }) {
    this.root.style.setProperty("--height", `${height}px`);
    if (id !== this.sceneId) this.load(unpackScene(JSON.parse(scene)));
    this.root.style.setProperty("--shape", String(paneShape(this.scene)));
    this.sceneId = id;
    if (selection.token !== this.selectionToken) {
      this.selectionToken = selection.token;
      this.selected = new Set(selection.selected);
      this.focused = selection.focused;
    }
    this.refresh();
  }

  /** @param {Scene} scene */
  load(scene) {
    const hadDimensions = this.scene?.is3D;
    this.scene = scene;
    this.hovered = NO_HIT;
    this.tooltip.hide();
    this.highlightedCategory = null;
    this.selected = new Set([...this.selected].filter((row) => row < scene.classCount));
    if (this.focused !== null && this.focused >= scene.classCount) this.focused = null;
    this.loadSheet();
    const keys = scene.panes.map(({ key }) => key);
    if (keys.join() !== this.projectionPanes.map(({ key }) => key).join()) this.createPanes(keys);
    if (hadDimensions !== undefined && hadDimensions !== scene.is3D) this.resetCameras();
    this.areCamerasLinked ??= new Set(scene.panes.map(({ key, frame }) => frame || key)).size === 1;
    this.projectionPanes.forEach((pane, i) => {
      const { key, title, note } = scene.panes[i];
      const caption = [createElement("b", { textContent: title }), createElement("span", { textContent: note })];
      pane.describe(`${title}: ${placedCount(scene.positions[key])} classes`, ...caption);
      pane.load(scene);
    });
    const explanation = createElement("span", { textContent: "Lines show the paths of the selected classes." });
    this.morphPane.describe("One space turning into another", explanation);
    this.morph.setPanes(scene.panes);
    this.morphPane.load(scene, ...(this.morph.keys ?? []));
    this.arrange(this.arrangement);
    this.morph.setProgress(this.morph.progress);
  }

  loadSheet() {
    const { thumbnails } = this.scene;
    if (this.sheet?.thumbnails.uri === thumbnails?.uri) return;
    this.sheet?.keepOnly(0);
    this.sheet = thumbnails && new PictureSheet(thumbnails, () => this.panes.forEach((pane) => pane.requestOverlay()));
  }

  /** @param {string[]} keys One per projection. */
  createPanes(keys) {
    for (const pane of this.projectionPanes) pane.release();
    this.projectionPanes = keys.map((key) => new Pane(this, key));
    for (const pane of this.panes) pane.camera = this.savedCameras[pane.key] ?? pane.camera;
    this.paneGrid.replaceChildren(...this.panes.map(({ figure }) => figure), this.legend.element);
    this.paneGrid.dataset.count = String(keys.length);
    this.paneGrid.style.setProperty("--count", String(keys.length));
  }

  /** @param {Arrangement} arrangement */
  arrange(arrangement) {
    this.arrangement = this.projectionPanes.length > 1 ? arrangement : "side-by-side";
    const isMorph = this.arrangement === "morph";
    for (const pane of this.panes) pane.figure.hidden = pane.isMorph !== isMorph;
    this.morph.element.hidden = !isMorph;
    this.paneGrid.classList.toggle("single", isMorph || this.projectionPanes.length === 1);
    for (const pane of this.panes) {
      pane.resize();
      pane.requestDraw();
    }
    this.updateControls();
  }

  /** @param {DragMode} mode */
  setDragMode(mode) {
    this.dragMode = mode;
    this.updateControls();
  }

  /** @param {Part} part */
  togglePart(part) {
    this.parts = new Set([...this.parts, part].filter((one) => one !== part || !this.parts.has(part)));
    for (const pane of this.panes) pane.requestOverlay();
    this.updateControls();
  }

  /** @param {MorphKeys} keys */
  setMorphKeys(keys) {
    this.morph.setKeys(keys);
    this.morphPane.load(this.scene, ...keys);
    this.refresh();
  }

  /** @param {number} progress */
  showMorphProgress(progress) {
    this.morphPane.progress = progress;
    this.morphPane.requestDraw();
    this.updateControls();
  }

  toggleLinkedCameras() {
    this.areCamerasLinked = !this.areCamerasLinked;
    this.updateControls();
    if (this.areCamerasLinked) this.onCameraMoved(this.projectionPanes[0]);
  }

  /** @param {Pane} moved */
  onCameraMoved(moved) {
    const isShared = this.areCamerasLinked && !moved.isMorph;
    for (const pane of isShared ? this.projectionPanes : [moved]) {
      pane.camera = moved.camera;
      pane.requestDraw();
    }
    this.onViewChange();
  }

  resetCameras() {
    for (const pane of this.panes) {
      pane.camera = newCamera();
      pane.requestDraw();
    }
    this.onViewChange();
  }

  /**
   * @param {number | null} row
   * @param {boolean} adds
   */
  click(row, adds) {
    if (row === null) return;
    this.setSelection(selectByClick(this.selected, row, adds), row);
  }

  /** @param {number[]} rows */
  select(rows, adds = false) {
    const selected = selectRows(adds ? [...this.selected, ...rows] : [...rows]);
    this.setSelection(selected, selected.size ? this.focused : null);
  }

  /**
   * @param {Set<number>} selected
   * @param {number | null} focused
   */
  setSelection(selected, focused) {
    Object.assign(this, { selected, focused });
    this.refresh();
    this.reportSelection({ selected: [...selected], focused, reportedAt: Date.now() });
  }

  /** Whether some classes are drawn emphasised, and the others fade. */
  get hasEmphasis() {
    return this.highlightedCategory !== null || this.selected.size > 0;
  }

  /** Whether a class is drawn emphasised: its category is highlighted, or else it is selected. */
  isEmphasised(/** @type {number} */ row) {
    if (this.highlightedCategory === null) return this.selected.has(row);
    return this.scene.colour.values[row] === this.highlightedCategory;
  }

  /** @param {number | null} category */
  highlight(category) {
    if (category === this.highlightedCategory) return;
    this.highlightedCategory = category;
    this.refresh();
  }

  /**
   * @param {Pane} pane
   * @param {Hit} hit
   * @param {MouseEvent} [event]
   */
  hover(pane, hit, event) {
    const previous = this.hovered;
    this.hovered = hit;
    this.hoveredPane = pane;
    const isSame = hit.row === previous.row && hit.sentence === previous.sentence && hit.pin === previous.pin;
    if (!isSame) {
      for (const one of this.panes) one.requestOverlay();
      pane.overlay.style.cursor = hit === NO_HIT ? "" : "pointer";
      this.tooltip.show(this.scene, hit);
    }
    if (hit !== NO_HIT && event) this.tooltip.moveTo(this.root, event);
  }

  /** Draw everything again in the colours of the theme and the selection. */
  refresh() {
    const { scene } = this;
    this.theme = readTheme(this.root);
    this.signs = classSigns(scene.colour, this.theme.dark);
    const { classes, sentences } = pointStyles(this);
    for (const pane of this.panes) pane.setStyle(classes, sentences);
    this.legend.update(scene.colour, this.theme.dark, this.selected);
    this.updateControls();
  }

  updateControls() {
    const { arrangement, dragMode, selected, focused, scene } = this;
    this.toolbar.update({
      arrangement,
      dragMode,
      parts: this.parts,
      offeredParts: offeredParts(scene),
      canCopyLink: this.copyLink !== null,
      areCamerasLinked: Boolean(this.areCamerasLinked),
      projectionCount: this.projectionPanes.length,
      classCount: scene.classCount,
      selectedCount: selected.size,
      canClear: selected.size > 0 || focused !== null,
    });
    Object.assign(this.root.dataset, {
      arrangement,
      dragMode,
      selected: [...selected].join(),
      focused: focused ?? "",
      pins: scene.pins.length,
      shown: [...this.parts].join(),
      morph: this.morph.progress.toFixed(3),
      renderer: this.morphPane.points.kind,
    });
    this.onViewChange();
  }

  /** Take it off the page; a scatter of the same key goes on from its state. */
  release() {
    const { dragMode, areCamerasLinked, selected, focused, selectionToken } = this;
    savedStates.set(this.key, { ...this.view, dragMode, areCamerasLinked, selected, focused, selectionToken });
    this.morph.stop();
    this.colourScheme.removeEventListener("change", this.onColourScheme);
    for (const pane of this.panes) pane.release();
    this.root.remove();
  }
}
