// @ts-check
// Names shown without a selection: groups where their classes are densest and, zoomed in, the densest classes.

import { project } from "./camera.js";
import { denseRows } from "./density.js";
import { boxesOverlap, shortenLabel } from "./labels.js";
import { FIRST_STEP, Thinning, zoomOfStep, zoomStep } from "./thinning.js";

/** @import { Theme } from "./colours.js" */
/** @import { Box } from "./labels.js" */
/** @import { Layer } from "./layers.js" */
/** @import { Pane } from "./pane.js" */
/** @import { Scene } from "./scene.js" */

/**
 * A name and the class at whose point it is written.
 *
 * @typedef {{ row: number, text: string, isGroup: boolean }} Name
 */

const NAME_FONTS = { group: "600 13px", class: "11px" };
const NAME_HALF_HEIGHT = { group: 9, class: 7 };
const NAME_SPACE = { group: [6, 4], class: [14, 9] }; // kept free around a name, in CSS pixels
const CLASS_STEP = 1; // from this zoom step on classes are named beside their groups
const FEW_CLASSES = 40; // are named at any zoom
const ABOVE_POINT = { group: 9, class: 6 };
const PLATE_ALPHA = 0.82;

/**
 * The names of a pane, the most important first: groups by their size, then classes by the density around them.
 *
 * @param {Pick<Scene, "names" | "groups" | "colour">} scene
 * @param {Layer} layer
 * @param {number[]} dense Rows of its classes, the densest first.
 * @returns {Name[]}
 */
export function rankedNames({ names, groups, colour }, layer, dense) {
  const { categories, values } = colour;
  /** @type {Map<string, number[]>} */
  const members = new Map();
  for (const row of dense) {
    const group = (categories ? categories[values[row]] : groups[row]) ?? "";
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  }
  const groupNames = [...members]
    .filter(([group]) => group.trim() && members.size > 1)
    .sort((a, b) => b[1].length - a[1].length)
    .map(([text, rows]) => ({ row: denseRows(layer, rows)[0], text, isGroup: true }));
  return [...groupNames, ...dense.map((row) => ({ row, text: names[row], isGroup: false }))];
}

/**
 * How far above its class's mark a name is written: on it, the name would hide a group whose points are close together.
 *
 * @param {boolean} isGroup
 * @param {number} markRadius
 */
export function distanceAbove(isGroup, markRadius) {
  return markRadius + (isGroup ? ABOVE_POINT.group : ABOVE_POINT.class);
}

/** The names of one pane, thinned until none overlaps another. */
export class PaneNames {
  /** @type {Name[] | null} */
  names = null;
  /** @type {number[]} Width of each name in CSS pixels. */
  widths = [];
  /** @type {Thinning | null} */
  thinning = null;
  /** What the thinning depends on besides the zoom. */
  key = "";

  /** @param {Pane} pane */
  constructor(pane) {
    this.pane = pane;
  }

  /** To be called when the pane's classes are others. */
  reset() {
    this.names = null;
    this.key = "";
  }

  /**
   * Names that have room at this zoom, whether or not they are on the screen.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Theme} theme
   */
  shown(context, theme) {
    return this.thinned(context, theme, zoomStep(this.pane.camera.zoom)).map((i) => ({
      .../** @type {Name[]} */ (this.names)[i],
      width: this.widths[i],
    }));
  }

  /**
   * The boxes of group names at a zoom step, the camera being in the middle, for what has to keep out of them.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Theme} theme
   * @param {number} step
   */
  groupBoxes(context, theme, step) {
    return this.thinned(context, theme, step)
      .filter((i) => this.names?.[i].isGroup)
      .map((i) => this.boxOf(i, step, [0, 0]));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Theme} theme
   * @param {number} step
   */
  thinned(context, theme, step) {
    const { pane } = this;
    if (!this.names) {
      this.names = rankedNames(pane.scatter.scene, pane.classes, pane.denseRows);
      this.widths = this.names.map(({ text, isGroup }) => {
        context.font = fontOf(isGroup, theme);
        return context.measureText(shortenLabel(text)).width;
      });
    }
    const { names } = this;
    const firstStep = pane.isNested ? FIRST_STEP : step;
    const key = [firstStep, pane.placesKey].join();
    if (this.key !== key) this.thinning = new Thinning(names.length, (i, at) => this.spaceOf(i, at), firstStep);
    this.key = key;
    return this.thinning?.at(step) ?? [];
  }

  /**
   * The box that a name keeps free; null where it is not shown at this zoom step.
   *
   * @param {number} i
   * @param {number} step
   * @returns {Box | null}
   */
  spaceOf(i, step) {
    const { names, pane } = this;
    const { isGroup } = (names ?? [])[i];
    const hasGroups = names?.[0].isGroup && pane.scatter.scene.classCount > FEW_CLASSES;
    if (!isGroup && hasGroups && step < CLASS_STEP) return null;
    return this.boxOf(i, step, isGroup ? NAME_SPACE.group : NAME_SPACE.class);
  }

  /**
   * @param {number} i
   * @param {number} step
   * @param {number[]} margin Across and down.
   * @returns {Box}
   */
  boxOf(i, step, [across, down]) {
    const { row, isGroup } = (this.names ?? [])[i];
    const camera = { ...this.pane.camera, zoom: zoomOfStep(step), x: 0, y: 0 };
    const [x, y] = project(this.pane.classes, row, { ...this.pane.viewport(), camera });
    const [left, top, right, bottom] = nameBox(x, y, this.widths[i], isGroup);
    return [left - across, top - down, right + across, bottom + down];
  }
}

/**
 * Write the names that find room beside the labels; those of classes beside pictures, too.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {Theme} theme
 * @param {object} drawn
 * @param {Box[]} drawn.occupied By labels and pins.
 * @param {Box[]} drawn.pictures
 * @param {Set<number>} drawn.named Classes that have a label already.
 */
export function drawNames(context, pane, theme, { occupied, pictures, named }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.strokeStyle = theme.background;
  for (const { row, text, isGroup, width } of pane.names.shown(context, theme)) {
    if (!isGroup && named.has(row)) continue;
    const [x, y] = pane.pointPosition(row);
    if (x < 0 || y < 0 || x > pane.width || y > pane.height) continue;
    const half = width / 2 + 3;
    const middle = Math.min(Math.max(x, half), pane.width - half);
    const above = distanceAbove(isGroup, pane.markRadius(row));
    const line = Math.max(y - above, NAME_HALF_HEIGHT.group);
    const box = nameBox(middle, line, width, isGroup);
    const isFree = (/** @type {Box[]} */ boxes) => !boxes.some((other) => boxesOverlap(box, other));
    if (!isFree(occupied) || !(isGroup || isFree(pictures))) continue;
    occupied.push(box);
    if (!isFree(pictures)) fillPlate(context, box, theme);
    context.font = fontOf(isGroup, theme);
    context.lineWidth = isGroup ? 4 : 3;
    context.strokeText(shortenLabel(text), middle, line);
    context.fillStyle = theme.text;
    context.fillText(shortenLabel(text), middle, line);
  }
}

/**
 * What a name is read on where it covers pictures.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Theme} theme
 */
function fillPlate(context, [left, top, right, bottom], theme) {
  context.fillStyle = theme.background;
  context.globalAlpha = PLATE_ALPHA;
  context.beginPath();
  context.roundRect(left - 2, top, right - left + 4, bottom - top, 4);
  context.fill();
  context.globalAlpha = 1;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {boolean} isGroup
 * @returns {Box}
 */
function nameBox(x, y, width, isGroup) {
  const half = isGroup ? NAME_HALF_HEIGHT.group : NAME_HALF_HEIGHT.class;
  return [x - width / 2 - 2, y - half, x + width / 2 + 2, y + half];
}

/**
 * @param {boolean} isGroup
 * @param {Theme} theme
 */
function fontOf(isGroup, theme) {
  return `${isGroup ? NAME_FONTS.group : NAME_FONTS.class} ${theme.font}`;
}
