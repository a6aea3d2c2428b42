// @ts-check
// Thinning: choose boxes by priority so that none overlaps another on the screen, at every zoom.

import { MIN_ZOOM } from "./camera.js";
import { boxesOverlap } from "./labels.js";

/** @import { Box } from "./labels.js" */

const STEPS_PER_DOUBLING = 2;
const CELL = 64; // CSS pixels: about as large as the boxes

/**
 * The step of a zoom. What is shown changes from step to step alone, so that nothing flickers in between.
 *
 * @param {number} zoom
 */
export function zoomStep(zoom) {
  return Math.floor(STEPS_PER_DOUBLING * Math.log2(zoom) + 1e-6);
}

export const FIRST_STEP = zoomStep(MIN_ZOOM);

/** @param {number} step */
export function zoomOfStep(step) {
  return 2 ** (step / STEPS_PER_DOUBLING);
}

/** Boxes found by the cells of a grid that they touch. */
class OccupiedGrid {
  /** @type {Map<string, Box[]>} */
  cells = new Map();

  /** @param {Box} box */
  isFree(box) {
    return cellsOf(box).every((cell) => !this.cells.get(cell)?.some((other) => boxesOverlap(box, other)));
  }

  /** @param {Box} box */
  add(box) {
    for (const cell of cellsOf(box)) {
      const boxes = this.cells.get(cell);
      if (boxes) boxes.push(box);
      else this.cells.set(cell, [box]);
    }
  }
}

/**
 * Items in order of priority of which as many are shown as have room; what is shown at one zoom step remains at the
 * next, as long as points move apart faster than boxes grow and nothing else takes the room.
 */
export class Thinning {
  /** @type {Map<number, number[]>} Step -> items shown. */
  known = new Map();

  /**
   * @param {number} count Items 0 to count - 1, the most important first.
   * @param {(item: number, step: number) => Box | null} boxOf Null where an item is not shown at a step.
   * @param {number} firstStep Below this step the same is shown as at it.
   * @param {(step: number) => Box[]} [taken] Boxes that are taken by others at a step.
   */
  constructor(count, boxOf, firstStep, taken = () => []) {
    this.count = count;
    this.boxOf = boxOf;
    this.firstStep = firstStep;
    this.taken = taken;
  }

  /**
   * Items shown at a step, in order of priority.
   *
   * @param {number} wanted
   * @returns {number[]}
   */
  at(wanted) {
    const step = Math.max(wanted, this.firstStep);
    const known = this.known.get(step);
    if (known) return known;
    const shown = this.addTo(step > this.firstStep ? this.at(step - 1) : [], step);
    this.known.set(step, shown);
    return shown;
  }

  /**
   * @param {number[]} before
   * @param {number} step
   * @returns {number[]}
   */
  addTo(before, step) {
    const grid = new OccupiedGrid();
    for (const box of this.taken(step)) grid.add(box);
    const shown = new Set();
    for (const item of [...before, ...Array(this.count).keys()]) {
      if (shown.has(item)) continue;
      const box = this.boxOf(item, step);
      if (!box || !grid.isFree(box)) continue;
      grid.add(box);
      shown.add(item);
    }
    return [...shown].sort((a, b) => a - b);
  }
}

/** @param {Box} box */
function cellsOf([left, top, right, bottom]) {
  const cells = [];
  for (let x = Math.floor(left / CELL); x <= right / CELL; x++) {
    for (let y = Math.floor(top / CELL); y <= bottom / CELL; y++) cells.push(`${x} ${y}`);
  }
  return cells;
}
