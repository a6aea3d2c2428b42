// @ts-check
// The scene as Python sends it, and as it is drawn.

/**
 * What Python's `scene.as_json` writes; arrays are base64 text of little-endian float32 (`rows`: int32).
 *
 * @typedef {object} SentScene
 * @property {2 | 3} dimensions
 * @property {PaneDescription[]} panes
 * @property {string[]} names One per class.
 * @property {string[]} groups One per class.
 * @property {Record<string, string>} positions Pane key -> n * dimensions numbers.
 * @property {{ title: string, values: string, categories: string[] | null, low: number, high: number }} colour
 * @property {Thumbnails | null} thumbnails
 * @property {{ rows: string, texts: string[], positions: Record<string, string> } | null} sentences
 * @property {{ label: string, mark: number, nearest: string[], positions: Record<string, number[]> }[]} pins
 * @property {[string, string] | null} residuals Keys of two panes.
 * @property {Record<string, (string | number | null)[]>} details Title -> one value per class.
 * @property {Record<string, { rows: string, similarities: string }>} neighbours Pane key -> n * k numbers each.
 * @property {Record<string, { share: number, lines: string[] }[]>} contours Pane key -> lines by share, in 2-D.
 */

/**
 * What Python sends; the selection is taken over only if its token is another than before.
 *
 * @typedef {object} SentData
 * @property {string} key The state of a scatter is kept under its key while it is off the page.
 * @property {string} id Of the scene.
 * @property {string} scene JSON of a SentScene.
 * @property {number} height Of a pane, in CSS pixels.
 * @property {{ token: string, selected: number[], focused: number | null }} selection
 */

/** @typedef {{ key: string, title: string, note: string, frame: string, axes: string[] }} PaneDescription */
/** @typedef {{ uri: string, columns: number, pixels: number }} Thumbnails */
/** @typedef {Record<string, Float32Array>} Positions Pane key -> 3 numbers per point within -1..1, NaN if unknown. */

/**
 * Numbers with the ends of their scale, or the index of each class's category; NaN where unknown.
 *
 * @typedef {object} ColourScale
 * @property {string} title
 * @property {Float32Array} values One per class.
 * @property {string[] | null} categories
 * @property {number} low
 * @property {number} high
 */

/** @typedef {{ label: string, mark: number, nearest: string[], positions: Positions }} Pin */
/** @typedef {{ rows: Int32Array, similarities: Float32Array }} Neighbours k per class; row -1 is none. */
/** @typedef {{ share: number, lines: Float32Array[] }} Contour Lines that enclose the densest share of the classes. */
/** @typedef {{ rows: Int32Array, texts: string[], positions: Positions }} Sentences */

/**
 * @typedef {object} Scene
 * @property {number} classCount
 * @property {boolean} is3D
 * @property {PaneDescription[]} panes
 * @property {string[]} names
 * @property {string[]} groups
 * @property {Positions} positions
 * @property {Record<string, Frame["extent"]>} extents Pane key -> the box of its points.
 * @property {Positions} origins Pane key -> the point whose coordinates are 0 in Python.
 * @property {ColourScale} colour
 * @property {Thumbnails | null} thumbnails
 * @property {Sentences | null} sentences
 * @property {Pin[]} pins
 * @property {[string, string] | null} residuals
 * @property {Record<string, (string | number | null)[]>} details
 * @property {Record<string, Neighbours>} neighbours Pane key -> neighbours in the space itself.
 * @property {Record<string, Contour[]>} contours Pane key -> contours.
 */

/**
 * The cube around all points, which is scaled to -1..1.
 *
 * @typedef {object} Frame
 * @property {number[]} middle
 * @property {number} halfSide
 * @property {readonly [number, number]} extent How much of -1..1 points take, across and up; all of it in 3-D, where
 *   they can be turned.
 */

const LEAST_EXTENT = 0.2; // points in one place are not magnified without end
const FLATTEST = 0.6;

/**
 * @param {SentScene} sent
 * @returns {Scene}
 */
export function unpackScene(sent) {
  const { dimensions, sentences } = sent;
  const classPositions = mapValues(sent.positions, decodeFloats);
  const sentencePositions = sentences && mapValues(sentences.positions, decodeFloats);
  const frames = coordinateFrames(sent.panes, dimensions, [classPositions, sentencePositions ?? {}]);
  const toFrame = (/** @type {ArrayLike<number>} */ values, /** @type {string} */ key) =>
    normalise(values, dimensions, frames[key]);
  const pins = sent.pins.map((pin) => ({ ...pin, positions: mapValues(pin.positions, toFrame) }));
  return {
    ...sent,
    classCount: sent.names.length,
    is3D: dimensions === 3,
    positions: mapValues(classPositions, toFrame),
    extents: mapValues(frames, ({ extent }, key) => withPins(extent, pins, key)),
    origins: mapValues(frames, (_, key) => toFrame(Array(dimensions).fill(0), key)),
    sentences: sentences && {
      texts: sentences.texts,
      rows: new Int32Array(decodeBytes(sentences.rows)),
      positions: mapValues(sentencePositions ?? {}, toFrame),
    },
    pins,
    neighbours: mapValues(sent.neighbours, ({ rows, similarities }) => ({
      rows: new Int32Array(decodeBytes(rows)),
      similarities: decodeFloats(similarities),
    })),
    contours: mapValues(sent.contours, (contours, key) =>
      contours.map(({ share, lines }) => ({ share, lines: lines.map((line) => toFrame(decodeFloats(line), key)) })),
    ),
    colour: { ...sent.colour, values: decodeFloats(sent.colour.values) },
  };
}

/**
 * The neighbours of a class in the space of a pane, each with its similarity.
 *
 * @param {Pick<Scene, "neighbours" | "classCount">} scene
 * @param {string} key
 * @param {number} row
 * @returns {Map<number, number>}
 */
export function neighboursOf({ neighbours, classCount }, key, row) {
  const { rows, similarities } = neighbours[key] ?? { rows: [], similarities: [] };
  const count = rows.length / classCount;
  const found = new Map();
  for (let i = count * row; i < count * (row + 1); i++) if (rows[i] >= 0) found.set(rows[i], similarities[i]);
  return found;
}

/**
 * Height of panes for their width, such that points fill them: that of the tallest, between `FLATTEST` and 1.
 *
 * @param {Pick<Scene, "extents">} scene
 */
export function paneShape({ extents }) {
  return Math.min(1, Math.max(FLATTEST, ...Object.values(extents).map(([across, up]) => up / across)));
}

/**
 * How many points have a place.
 *
 * @param {Float32Array} points 3 numbers per point, NaN if unknown.
 */
export function placedCount(points) {
  return points.filter((value, i) => i % 3 === 0 && !Number.isNaN(value)).length;
}

/** @param {string} base64 */
function decodeBytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {string} base64 */
export function decodeFloats(base64) {
  return new Float32Array(decodeBytes(base64));
}

/**
 * @template Value, Result
 * @param {Record<string, Value>} record
 * @param {(value: Value, key: string) => Result} change
 * @returns {Record<string, Result>}
 */
function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/**
 * Frame of each pane, which holds all its points; panes that name the same frame share one.
 *
 * @param {Pick<PaneDescription, "key" | "frame">[]} panes
 * @param {number} dimensions
 * @param {Record<string, ArrayLike<number>>[]} pointSets Pane key -> `dimensions` numbers per point.
 * @returns {Record<string, Frame>}
 */
export function coordinateFrames(panes, dimensions, pointSets) {
  /** @type {Record<string, { low: number[], high: number[] }>} */
  const bounds = {};
  const frameNames = Object.fromEntries(panes.map(({ key, frame }) => [key, frame || `pane ${key}`]));
  for (const [key, name] of Object.entries(frameNames)) {
    const { low, high } = (bounds[name] ??= {
      low: Array(dimensions).fill(Infinity),
      high: Array(dimensions).fill(-Infinity),
    });
    for (const points of pointSets) {
      const values = points[key] ?? [];
      for (let i = 0; i < values.length; i++) {
        const axis = i % dimensions;
        if (values[i] < low[axis]) low[axis] = values[i];
        if (values[i] > high[axis]) high[axis] = values[i];
      }
    }
  }
  return mapValues(frameNames, (name) => enclosingCube(bounds[name]));
}

/**
 * @param {{ low: number[], high: number[] }} bounds
 * @returns {Frame}
 */
function enclosingCube({ low, high }) {
  const known = low.map((least, axis) => (Number.isFinite(least) ? [least, high[axis]] : [-1, 1]));
  const sides = known.map(([least, greatest]) => greatest - least);
  const longest = Math.max(...sides) || 2;
  const [across, up] = sides.map((side) => Math.max(side / longest, LEAST_EXTENT));
  return {
    middle: known.map(([least, greatest]) => (least + greatest) / 2),
    halfSide: longest / 2,
    extent: sides.length === 2 ? [across, up] : [1, 1],
  };
}

/**
 * The extent of a frame, widened for the pins of a pane as far as the cube reaches.
 *
 * @param {Frame["extent"]} extent
 * @param {Pin[]} pins
 * @param {string} key
 * @returns {Frame["extent"]}
 */
function withPins([across, up], pins, key) {
  const places = pins.map(({ positions }) => positions[key] ?? []);
  const reach = (/** @type {number} */ axis) => places.map((place) => Math.min(1, Math.abs(place[axis] || 0)));
  return [Math.max(across, ...reach(0)), Math.max(up, ...reach(1))];
}

/**
 * Points in the coordinates of a frame, 3 numbers per point; NaN stays NaN.
 *
 * @param {ArrayLike<number>} values
 * @param {number} dimensions
 * @param {Pick<Frame, "middle" | "halfSide">} frame
 */
export function normalise(values, dimensions, { middle, halfSide }) {
  const points = new Float32Array((3 * values.length) / dimensions);
  for (let i = 0; i < values.length; i++) {
    const axis = i % dimensions;
    points[3 * ((i - axis) / dimensions) + axis] = (values[i] - middle[axis]) / halfSide;
  }
  return points;
}
