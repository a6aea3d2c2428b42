// @ts-check
// Pointer and keyboard input of a pane.

import { pixelsPerUnit, rotate, zoomAt } from "./camera.js";
import { NO_HIT } from "./hit_testing.js";

/** @import { PixelPosition } from "./hit_testing.js" */
/** @import { Pane } from "./pane.js" */

const CLICK_TOLERANCE = 4; // CSS pixels; a pointer that moves less was clicked
const KEY_STEP = 0.15; // of half a side of the cube
const MAX_WHEEL_STEP = 60; // wheels differ by an order of magnitude
const TRACKPAD_PINCH = 4; // times as fast as a wheel: browsers send it as a wheel with Ctrl, in small steps
const RIGHT_BUTTON = 2;

/** @typedef {"pan" | "rotate" | "box" | "lasso"} DragKind */
/** @typedef {{ start: PixelPosition, last: PixelPosition, kind: DragKind, hasMoved: boolean }} Drag */
/** @typedef {{ length: number, middle: PixelPosition }} Span How far two pointers are apart, and what is between. */
/** @typedef {Event & { scale: number, clientX: number, clientY: number }} Gesture WebKit's; `scale` is since its start. */

export class PaneInput {
  /** @type {Drag | null} */
  drag = null;
  /** @type {Map<number, PixelPosition>} Where the pointers are that are down, by their ids. */
  pointers = new Map();
  gestureScale = 1;

  /** @param {Pane} pane */
  constructor(pane) {
    this.pane = pane;
    const { overlay, scatter } = pane;
    overlay.addEventListener("pointerdown", (event) => this.startDrag(event));
    overlay.addEventListener("pointermove", (event) => this.movePointer(event));
    overlay.addEventListener("pointerup", (event) => this.endDrag(event));
    overlay.addEventListener("pointercancel", (event) => this.cancelDrag(event));
    overlay.addEventListener("touchstart", keepPinch, { passive: false });
    overlay.addEventListener("pointerleave", () => scatter.hover(pane, NO_HIT));
    overlay.addEventListener("contextmenu", (event) => event.preventDefault());
    overlay.addEventListener("dblclick", () => scatter.resetCameras());
    overlay.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    overlay.addEventListener("gesturestart", (event) => this.onGesture(/** @type {Gesture} */ (event)));
    overlay.addEventListener("gesturechange", (event) => this.onGesture(/** @type {Gesture} */ (event)));
    overlay.addEventListener("keydown", (event) => this.onKeyDown(event));
  }

  /** @param {PointerEvent} event */
  startDrag(event) {
    const { overlay } = this.pane;
    const start = pointerPosition(event);
    this.endDragging();
    this.pointers.set(event.pointerId, start);
    if (this.pointers.size === 1) this.drag = { start, last: start, kind: this.dragKind(event), hasMoved: false };
    overlay.setPointerCapture(event.pointerId);
    overlay.focus({ preventScroll: true });
  }

  /**
   * The right button always pans; Shift draws a box where dragging would move.
   *
   * @param {PointerEvent} event
   * @returns {DragKind}
   */
  dragKind(event) {
    const { dragMode, scene } = this.pane.scatter;
    if (event.button === RIGHT_BUTTON) return "pan";
    if (dragMode !== "move") return dragMode;
    if (event.shiftKey) return "box";
    return scene.is3D ? "rotate" : "pan";
  }

  /** @param {PointerEvent} event */
  movePointer(event) {
    const { drag, pane, pointers } = this;
    const isDown = pointers.has(event.pointerId); // a mouse may hover while fingers are down
    const before = new Map(pointers);
    if (isDown) pointers.set(event.pointerId, pointerPosition(event));
    if (pointers.size === 2) this.pinch(spanOf(before), spanOf(pointers));
    else if (drag && isDown) this.moveDrag(drag, event);
    else pane.scatter.hover(pane, pane.hitTest(pointerPosition(event)), event);
  }

  /**
   * @param {Drag} drag
   * @param {PointerEvent} event
   */
  moveDrag(drag, event) {
    const { pane } = this;
    const [x, y] = pointerPosition(event);
    const [left, top] = drag.start;
    if (!drag.hasMoved && Math.hypot(x - left, y - top) < CLICK_TOLERANCE) return;
    const scale = pixelsPerUnit(pane);
    const [dx, dy] = [(x - drag.last[0]) / scale, (y - drag.last[1]) / scale];
    drag.hasMoved = true;
    drag.last = [x, y];
    pane.scatter.hover(pane, NO_HIT);
    const { camera } = pane;
    if (drag.kind === "pan") return pane.moveCamera({ x: camera.x + dx, y: camera.y - dy });
    if (drag.kind === "rotate") return pane.moveCamera({ rotation: rotate(camera.rotation, dx, dy) });
    if (drag.kind === "box") pane.outline = [drag.start, [x, top], [x, y], [left, y]];
    else (pane.outline ??= [drag.start]).push([x, y]);
    pane.requestOverlay();
  }

  /** @param {PointerEvent} event */
  endDrag(event) {
    const { drag, pane } = this;
    const { outline, scatter } = pane;
    this.cancelDrag(event);
    if (outline) scatter.select(pane.rowsWithin(outline), event.shiftKey && scatter.dragMode !== "move");
    else if (drag && !drag.hasMoved && event.button === 0) {
      scatter.click(pane.hitTest(pointerPosition(event)).row, event.shiftKey);
    }
  }

  /** @param {PointerEvent} event */
  cancelDrag(event) {
    this.pointers.delete(event.pointerId);
    this.endDragging();
  }

  endDragging() {
    this.drag = this.pane.outline = null;
    this.pane.requestOverlay();
  }

  /**
   * Two fingers zoom by how far they move apart, and move what is between them.
   *
   * @param {Span} before
   * @param {Span} after
   */
  pinch(before, after) {
    const { pane } = this;
    const camera = zoomAt(pane.viewport(), after.length / before.length, ...before.middle);
    const scale = pixelsPerUnit(pane);
    const [dx, dy] = after.middle.map((pixels, i) => (pixels - before.middle[i]) / scale);
    pane.moveCamera({ ...camera, x: camera.x + dx, y: camera.y - dy });
  }

  /** @param {WheelEvent} event */
  onWheel(event) {
    event.preventDefault();
    const delta = event.deltaY * (event.ctrlKey ? TRACKPAD_PINCH : 1);
    const step = Math.max(-MAX_WHEEL_STEP, Math.min(MAX_WHEEL_STEP, delta));
    this.pane.moveCamera(zoomAt(this.pane.viewport(), Math.exp(-step / 240), ...pointerPosition(event)));
  }

  /**
   * Safari sends a trackpad's pinch as no wheel. That of fingers on a screen comes as pointers too, which zoom.
   *
   * @param {Gesture} event
   */
  onGesture(event) {
    event.preventDefault(); // the page would zoom
    const { overlay } = this.pane;
    const factor = event.type === "gesturestart" ? 1 : event.scale / this.gestureScale;
    this.gestureScale = event.scale;
    if (this.pointers.size > 0) return;
    const { left, top } = overlay.getBoundingClientRect();
    this.pane.moveCamera(zoomAt(this.pane.viewport(), factor, event.clientX - left, event.clientY - top));
  }

  /** @param {KeyboardEvent} event */
  onKeyDown(event) {
    const { pane } = this;
    const zoom = (/** @type {number} */ factor) => pane.moveCamera(zoomAt(pane.viewport(), factor));
    const move = (/** @type {number} */ dx, /** @type {number} */ dy) => {
      const { x, y, rotation } = pane.camera;
      const isTurned = event.shiftKey && pane.scatter.scene.is3D;
      pane.moveCamera(isTurned ? { rotation: rotate(rotation, dx, -dy) } : { x: x + dx, y: y + dy });
    };
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowLeft: () => move(KEY_STEP, 0),
      ArrowRight: () => move(-KEY_STEP, 0),
      ArrowUp: () => move(0, -KEY_STEP),
      ArrowDown: () => move(0, KEY_STEP),
      "+": () => zoom(1.25),
      "=": () => zoom(1.25),
      "-": () => zoom(0.8),
      0: () => pane.scatter.resetCameras(),
    };
    const action = actions[event.key];
    if (!action || event.altKey || event.ctrlKey || event.metaKey) return; // the browser's: zoom, back
    event.preventDefault();
    action();
  }
}

/**
 * @param {MouseEvent} event
 * @returns {PixelPosition}
 */
function pointerPosition(event) {
  return [event.offsetX, event.offsetY];
}

/**
 * How far two pointers are apart, and what lies halfway between them.
 *
 * @param {Map<number, PixelPosition>} pointers
 * @returns {Span}
 */
function spanOf(pointers) {
  const [[x, y], [u, v]] = pointers.values();
  return { length: Math.max(1, Math.hypot(u - x, v - y)), middle: [(x + u) / 2, (y + v) / 2] };
}

/**
 * One finger may scroll the page; two are for the map.
 *
 * @param {TouchEvent} event
 */
function keepPinch(event) {
  if (event.targetTouches.length > 1) event.preventDefault();
}
