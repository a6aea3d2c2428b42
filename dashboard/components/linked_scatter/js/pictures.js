// @ts-check
// Pictures in place of points: of the classes that have room for one, from one sheet that is scaled once per size.

import { project } from "./camera.js";
import { cssColour } from "./colours.js";
import { FIRST_STEP, Thinning, zoomOfStep, zoomStep } from "./thinning.js";

/** @import { PixelPosition } from "./hit_testing.js" */
/** @import { Box } from "./labels.js" */
/** @import { LinkedScatter } from "./linked_scatter.js" */
/** @import { Pane } from "./pane.js" */
/** @import { Thumbnails } from "./scene.js" */

const SIDE = { least: 20, unzoomed: 26, most: 72 }; // CSS pixels
const BORDER = 1.5;
const SPACING = 2; // between two pictures, besides their borders
const FADED = 0.22;
const KEPT_SHEETS = 3; // scaled ones, each of up to 85 MB: one for each pane, which may have a zoom of its own

/**
 * Width of a picture in CSS pixels, which grows more slowly than distances do.
 *
 * @param {number} step Of the zoom.
 */
function pictureSide(step) {
  return Math.min(SIDE.most, Math.max(SIDE.least, 2 * Math.round((SIDE.unzoomed * 2 ** (step / 5)) / 2)));
}

/** The sheet with all pictures, scaled so that one picture is copied without being scaled again. */
export class PictureSheet {
  /** @type {Promise<HTMLImageElement>} */
  image;
  /**
   * Pixels of a picture -> the sheet, null while it is being scaled; that used last comes last.
   *
   * @type {Map<number, ImageBitmap | null>}
   */
  scaled = new Map();

  /**
   * @param {Thumbnails} thumbnails
   * @param {() => void} onReady Called whenever a sheet is ready.
   */
  constructor(thumbnails, onReady) {
    const image = new Image();
    image.src = thumbnails.uri;
    this.image = image.decode().then(() => image);
    this.thumbnails = thumbnails;
    this.onReady = onReady;
  }

  /**
   * @param {number} pixels Width of a picture in device pixels.
   * @returns {ImageBitmap | null} Null until it is ready.
   */
  at(pixels) {
    const sheet = this.scaled.get(pixels);
    this.scaled.delete(pixels);
    this.scaled.set(pixels, sheet ?? null);
    if (sheet === undefined) {
      this.keepOnly(KEPT_SHEETS);
      this.image.then((image) => this.scale(image, pixels)).catch(() => {}); // a broken sheet leaves the points
    }
    return sheet ?? null;
  }

  /** @param {number} count Of scaled sheets that stay, those used last. */
  keepOnly(count) {
    for (const pixels of [...this.scaled.keys()].slice(0, Math.max(0, this.scaled.size - count))) {
      this.scaled.get(pixels)?.close();
      this.scaled.delete(pixels);
    }
  }

  /**
   * @param {HTMLImageElement} image
   * @param {number} pixels
   */
  async scale(image, pixels) {
    const lines = Math.floor(image.naturalHeight / this.thumbnails.pixels);
    const size = { resizeWidth: this.thumbnails.columns * pixels, resizeHeight: lines * pixels };
    if (!this.scaled.has(pixels)) return; // others were asked for since
    const bitmap = await createImageBitmap(image, { ...size, resizeQuality: "high" });
    if (this.scaled.get(pixels) !== null) return bitmap.close();
    this.scaled.set(pixels, bitmap);
    this.onReady();
  }
}

/** The pictures of one pane. */
export class PanePictures {
  /** @type {Thinning | null} */
  thinning = null;
  /** What the thinning depends on besides the zoom. */
  key = "";
  /** @type {Map<number, Box>} Row of each class that is drawn as a picture, and where. */
  drawn = new Map();

  /** @param {Pane} pane */
  constructor(pane) {
    this.pane = pane;
  }

  /** To be called when the pane's classes are others. */
  reset() {
    this.key = "";
    this.drawn.clear();
  }

  /**
   * Rows whose pictures have room at this zoom beside the names of groups, whether or not they are on the screen.
   *
   * @param {(step: number) => Box[]} namesAt Boxes of the names at a zoom step.
   * @param {boolean} hasNames
   */
  shown(namesAt, hasNames) {
    const { pane } = this;
    const step = zoomStep(pane.camera.zoom);
    const firstStep = pane.isNested ? FIRST_STEP : step;
    const key = [firstStep, hasNames, pane.placesKey].join();
    const rows = pane.denseRows;
    if (this.key !== key) {
      const boxOf = (/** @type {number} */ i, /** @type {number} */ at) => this.spaceOf(rows[i], at);
      this.thinning = new Thinning(rows.length, boxOf, firstStep, hasNames ? namesAt : () => []);
    }
    this.key = key;
    return (this.thinning?.at(step) ?? []).map((i) => rows[i]);
  }

  /**
   * @param {number} row
   * @param {number} step
   */
  spaceOf(row, step) {
    const camera = { ...this.pane.camera, zoom: zoomOfStep(step), x: 0, y: 0 };
    const place = project(this.pane.classes, row, { ...this.pane.viewport(), camera });
    return squareAround(place, pictureSide(step) / 2 + BORDER + SPACING / 2);
  }

  /** The class whose picture is at a position, null where there is none. */
  at(/** @type {PixelPosition} */ [x, y]) {
    let found = null;
    for (const [row, [left, top, right, bottom]] of this.drawn) {
      if (left <= x && x <= right && top <= y && y <= bottom) found = row; // the one drawn last
    }
    return found;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {LinkedScatter} scatter
   * @param {number[]} always Classes that have a picture even where there is no room.
   */
  draw(context, scatter, always) {
    const { pane, drawn } = this;
    const { signs, scene, sheet } = scatter;
    drawn.clear();
    const side = pictureSide(zoomStep(pane.camera.zoom));
    const pixels = Math.round(side * pane.pixelRatio);
    const bitmap = sheet?.at(pixels);
    if (!bitmap || !scene.thumbnails) return;
    const { columns } = scene.thumbnails;
    const half = side / 2 + BORDER;
    const namesAt = (/** @type {number} */ step) => pane.names.groupBoxes(context, scatter.theme, step);
    const shown = this.shown(namesAt, scatter.parts.has("names"));
    const rows = [...new Set([...shown, ...always.filter((row) => pane.classes.radii[row])])];
    const inFront = rows.filter((row) => scatter.isEmphasised(row));
    const faded = scatter.hasEmphasis ? FADED : 1;
    for (const row of [...rows.filter((one) => !scatter.isEmphasised(one)), ...inFront]) {
      const [x, y] = pane.pointPosition(row);
      if (x < -half || y < -half || x > pane.width + half || y > pane.height + half) continue;
      const [left, top] = [x, y].map((middle) => Math.round((middle - side / 2) * pane.pixelRatio) / pane.pixelRatio);
      context.globalAlpha = scatter.isEmphasised(row) ? 1 : faded;
      context.fillStyle = cssColour(signs[row].colour);
      context.fillRect(left - BORDER, top - BORDER, side + 2 * BORDER, side + 2 * BORDER);
      const [column, line] = [row % columns, Math.floor(row / columns)];
      context.drawImage(bitmap, column * pixels, line * pixels, pixels, pixels, left, top, side, side);
      drawn.set(row, squareAround([x, y], half));
    }
    context.globalAlpha = 1;
  }
}

/**
 * @param {ArrayLike<number>} middle
 * @param {number} half
 * @returns {Box}
 */
function squareAround(middle, half) {
  return [middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half];
}
