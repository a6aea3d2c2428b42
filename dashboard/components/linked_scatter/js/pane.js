// @ts-check
// One pane: two canvases, one for the points and one for what is drawn over them, and a camera.

import { animate, smoothstep } from "./animation.js";
import { newCamera, project, radiusScale } from "./camera.js";
import { CanvasPoints } from "./canvas_points.js";
import { createElement } from "./dom.js";
import { nearestPoint, NO_HIT, pointsInPolygon } from "./hit_testing.js";
import { denseRows } from "./density.js";
import { createLayer, EMPTY_LAYER } from "./layers.js";
import { PaneNames } from "./names.js";
import { drawOverlay, MAX_LABELLED_CLASSES } from "./overlay.js";
import { PaneInput } from "./pane_input.js";
import { PanePictures } from "./pictures.js";
import { KEYS } from "./toolbar.js";
import { WebGLPoints } from "./webgl_points.js";

/** @import { Camera, Viewport } from "./camera.js" */
/** @import { Hit, PixelPosition } from "./hit_testing.js" */
/** @import { LayerStyle } from "./layers.js" */
/** @import { LinkedScatter } from "./linked_scatter.js" */
/** @import { Pin, Positions, Scene } from "./scene.js" */

const CLASS_HIT_RADIUS = 9; // CSS pixels
const PIN_HIT_RADIUS = 11;
const SENTENCE_HIT_RADIUS = 5;
const CLASS_RADIUS = { few: 4.6, many: 3.6 };
const SENTENCE_RADIUS = { few: 1.8, many: 1.4 };
const MANY_CLASSES = 500;
const MANY_SENTENCES = 30_000;
const TRANSITION_MILLISECONDS = 500;

/** @typedef {{ width: number, height: number, pixelRatio: number }} CanvasSize */

export class Pane {
  /** @type {Camera} */
  camera = newCamera();
  /** Share of the way that points have moved from their start to their end. */
  progress = 1;
  width = 0;
  height = 0;
  /** @type {readonly [number, number]} */
  extent = [1, 1];
  pixelRatio = 1;
  classes = EMPTY_LAYER;
  sentences = EMPTY_LAYER;
  /** Radii of the classes, none of them emphasised. */
  classRadii = EMPTY_LAYER.radii;
  /** Whether the layers have colours; none is drawn before. */
  isStyled = false;
  /** Whether the points have to be drawn again, not the overlay alone. */
  arePointsStale = false;
  /** @type {number | null} */
  frameRequest = null;
  /** @type {PixelPosition[] | null} The box or lasso that is being drawn. */
  outline = null;
  /** @type {[string, string]} Keys of the positions that points start and end at. */
  positionKeys;
  /** @type {(() => void) | null} */
  stopTransition = null;
  /** @type {number[] | null} */
  knownDenseRows = null;

  /**
   * @param {LinkedScatter} scatter
   * @param {string} key Of the projection it shows; empty if it shows one turning into another.
   * @param {{ isMorph?: boolean }} options
   */
  constructor(scatter, key, { isMorph = false } = {}) {
    this.scatter = scatter;
    this.key = key;
    this.isMorph = isMorph;
    this.positionKeys = [key, key];
    this.caption = createElement("figcaption");
    this.pointCanvas = createElement("canvas", { className: "points" });
    this.overlay = createElement("canvas", { className: "overlay", tabIndex: 0 });
    this.overlay.setAttribute("role", "application"); // a screen reader leaves the keys to it
    this.overlay.setAttribute("aria-description", KEYS);
    this.plot = createElement("div", { className: "plot" }, this.pointCanvas, this.overlay);
    this.figure = createElement("figure", { className: "pane" }, this.caption, this.plot);
    this.figure.dataset.key = key;
    this.points = createPointRenderer(this.pointCanvas);
    this.points.onRestored = () => this.requestDraw();
    this.resizeObserver = new ResizeObserver(() => this.resize());
    this.resizeObserver.observe(this.plot);
    this.input = new PaneInput(this);
    this.names = new PaneNames(this);
    this.pictures = new PanePictures(this);
  }

  release() {
    this.resizeObserver.disconnect();
    if (this.frameRequest !== null) cancelAnimationFrame(this.frameRequest);
    this.stopTransition?.();
    this.points.release();
  }

  /**
   * @param {string} label Read aloud by screen readers.
   * @param {...Node} caption
   */
  describe(label, ...caption) {
    this.overlay.setAttribute("aria-label", label);
    this.caption.replaceChildren(...caption);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const pixelRatio = devicePixelRatio || 1;
    if (!width || (width === this.width && height === this.height && pixelRatio === this.pixelRatio)) return;
    Object.assign(this, { width, height, pixelRatio });
    for (const canvas of [this.pointCanvas, this.overlay]) {
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(height * pixelRatio);
    }
    this.draw();
  }

  /**
   * Show points on their way from the positions of one key to those of another.
   *
   * @param {Scene} scene
   * @param {string} startKey
   * @param {string} endKey
   */
  load(scene, startKey = this.key, endKey = this.key) {
    const createLayerOf = (/** @type {Positions} */ positions, /** @type {number} */ radius) =>
      positions[startKey] && positions[endKey]
        ? createLayer(positions[startKey], positions[endKey], radius)
        : EMPTY_LAYER;
    const previous = this.classes.end;
    const sentencePositions = scene.sentences?.positions ?? {};
    const hasManySentences = (scene.sentences?.rows.length ?? 0) > MANY_SENTENCES;
    this.positionKeys = [startKey, endKey];
    const [start, end] = [scene.extents[startKey], scene.extents[endKey]];
    if (start && end) this.extent = [Math.max(start[0], end[0]), Math.max(start[1], end[1])];
    this.isStyled = false;
    this.classes = createLayerOf(scene.positions, CLASS_RADIUS[scene.classCount > MANY_CLASSES ? "many" : "few"]);
    this.classRadii = this.classes.radii;
    this.sentences = createLayerOf(sentencePositions, SENTENCE_RADIUS[hasManySentences ? "many" : "few"]);
    this.knownDenseRows = null;
    this.names.reset();
    this.pictures.reset();
    if (!this.isMorph) this.transitionFrom(previous);
  }

  /**
   * Move the classes from where they were shown to where they are now.
   *
   * @param {Float32Array} previous
   */
  transitionFrom(previous) {
    const { end } = this.classes;
    this.stopTransition?.();
    this.progress = 1;
    const haveMoved = previous.length === end.length && previous.some((value, i) => value !== end[i]);
    if (!haveMoved || this.scatter.prefersReducedMotion) return;
    this.classes.start = previous.map((value, i) => (Number.isNaN(value) ? end[i] : value));
    this.stopTransition = animate(TRANSITION_MILLISECONDS, (share) => {
      this.progress = smoothstep(share);
      this.draw();
    });
  }

  /**
   * @param {LayerStyle} classStyle
   * @param {LayerStyle | null} sentenceStyle
   */
  setStyle(classStyle, sentenceStyle) {
    const { scatter } = this;
    const enlargement = scatter.selected.size <= MAX_LABELLED_CLASSES ? 1.35 : 1.15;
    const radii = this.classRadii.map((radius, row) => (scatter.isEmphasised(row) ? radius * enlargement : radius));
    this.classes = { ...this.classes, ...classStyle, radii };
    if (sentenceStyle && this.sentences !== EMPTY_LAYER) this.sentences = { ...this.sentences, ...sentenceStyle };
    this.isStyled = true;
    this.requestDraw();
  }

  requestDraw() {
    this.arePointsStale = true;
    this.requestOverlay();
  }

  requestOverlay() {
    this.frameRequest ??= requestAnimationFrame(() => this.draw(this.arePointsStale));
  }

  draw(withPoints = true) {
    if (this.frameRequest !== null) cancelAnimationFrame(this.frameRequest);
    this.frameRequest = null;
    const context = this.overlay.getContext("2d");
    if (!context || !this.width || !this.isStyled || this.figure.hidden) return;
    const { pixelRatio, scatter } = this;
    if (withPoints) {
      this.points.draw([this.sentences, this.classes], this.viewport(), pixelRatio, scatter.scene.is3D);
      this.arePointsStale = false;
    }
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    drawOverlay(context, this, scatter);
    this.figure.dataset.pictures = String(this.pictures.drawn.size);
  }

  /** @returns {Viewport} */
  viewport(progress = this.progress) {
    const { camera, width, height, extent } = this;
    return { camera, progress, width, height, extent };
  }

  /** Rows of the visible classes, the densest first. */
  get denseRows() {
    const { start, end, radii } = this.classes;
    return (this.knownDenseRows ??= denseRows({ start: this.isMorph ? start : end, end, radii }));
  }

  /** Whether points only move apart when the camera zooms in: in two dimensions and at rest. */
  get isNested() {
    return !this.scatter.scene.is3D && !this.isMorph && this.progress === 1;
  }

  /** Key of the positions that all points have now; null while they move. */
  get restingKey() {
    const [start, end] = this.positionKeys;
    if (this.progress === 1) return end;
    return this.isMorph && this.progress === 0 ? start : null;
  }

  /** What the distances of points on the screen depend on besides the zoom. */
  get placesKey() {
    const { camera, progress, width, height } = this;
    return [progress, width, height, ...camera.rotation].join();
  }

  /** Where a class lies on this pane, in CSS pixels. */
  pointPosition(/** @type {number} */ row, progress = this.progress) {
    return project(this.classes, row, this.viewport(progress));
  }

  pointRadius(/** @type {number} */ row) {
    return this.classes.radii[row] * radiusScale(this.viewport());
  }

  /** Half the height of what stands for a class: its picture, or else its point. */
  markRadius(/** @type {number} */ row) {
    const box = this.pictures.drawn.get(row);
    return box ? (box[3] - box[1]) / 2 : this.pointRadius(row);
  }

  /** Where a point of this pane's coordinate frame lies. */
  project(/** @type {Float32Array} */ point) {
    return project({ start: point, end: point }, 0, this.viewport());
  }

  /** Where a pin lies; null where it has no place. */
  pinPosition(/** @type {Pin} */ pin) {
    const [start, end] = this.positionKeys.map((key) => pin.positions[key]);
    return start && end ? project({ start, end }, 0, this.viewport()) : null;
  }

  /**
   * What lies under the pointer: a pin, else a picture, else a class, else a sentence.
   *
   * @param {PixelPosition} position
   * @returns {Hit}
   */
  hitTest([x, y]) {
    const { pins, sentences } = this.scatter.scene;
    const pin = pins.findIndex((one) => {
      const place = this.pinPosition(one);
      return place && Math.hypot(place[0] - x, place[1] - y) <= PIN_HIT_RADIUS;
    });
    if (pin >= 0) return { ...NO_HIT, pin };
    const row = this.pictures.at([x, y]) ?? nearestPoint(this.classes, this.viewport(), [x, y], CLASS_HIT_RADIUS);
    if (row !== null) return { ...NO_HIT, row };
    const sentence = nearestPoint(this.sentences, this.viewport(), [x, y], SENTENCE_HIT_RADIUS);
    return sentence === null || !sentences ? NO_HIT : { ...NO_HIT, sentence, row: sentences.rows[sentence] };
  }

  /** Classes within a polygon. */
  rowsWithin(/** @type {PixelPosition[]} */ polygon) {
    return pointsInPolygon(this.classes, this.viewport(), polygon);
  }

  /** @param {Partial<Camera>} change */
  moveCamera(change) {
    this.camera = { ...this.camera, ...change };
    this.scatter.onCameraMoved(this);
  }
}

/** @param {HTMLCanvasElement} canvas */
function createPointRenderer(canvas) {
  // A browser prints what the canvas still holds.
  const gl = canvas.getContext("webgl2", { antialias: false, preserveDrawingBuffer: true });
  if (gl) return new WebGLPoints(gl);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws on no canvas.");
  return new CanvasPoints(context);
}
