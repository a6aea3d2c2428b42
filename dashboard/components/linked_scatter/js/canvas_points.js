// @ts-check
// Points drawn on a plain canvas, where there is no WebGL 2.

import { project, radiusScale } from "./camera.js";
import { traceShape } from "./shapes.js";

/** @import { Viewport } from "./camera.js" */
/** @import { Layer } from "./layers.js" */

export class CanvasPoints {
  kind = "canvas";
  /** @type {(() => void) | null} As in WebGLPoints; a plain canvas is never lost. */
  onRestored = null;

  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.context = context;
  }

  /**
   * @param {Layer[]} layers
   * @param {Viewport} viewport
   * @param {number} pixelRatio Device pixels per CSS pixel.
   * @param {boolean} is3D
   */
  draw(layers, viewport, pixelRatio, is3D) {
    const { context } = this;
    const { width, height } = viewport;
    const scale = radiusScale(viewport);
    const point = [0, 0, 0];
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const layer of layers) {
      const { colours, radii, shapes } = layer;
      for (const i of is3D ? depthOrder(layer, viewport) : layer.order) {
        if (!radii[i]) continue;
        const [x, y, z] = project(layer, i, viewport, point);
        const radius = radii[i] * scale * (is3D ? 1 + 0.3 * z : 1);
        if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
        const [red, green, blue, alpha] = colours.subarray(4 * i, 4 * i + 4);
        context.fillStyle = `rgba(${red},${green},${blue},${alpha / 255})`;
        fillPoint(context, x, y, radius, shapes[i]);
      }
    }
  }

  release() {}
}

/**
 * A shape; a square where it is too small to tell.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} shape
 */
function fillPoint(context, x, y, radius, shape) {
  if (radius < 2) return context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  traceShape(context, x, y, radius, shape);
  context.fill("evenodd");
}

/**
 * Points from far to near, background before emphasised.
 *
 * @param {Layer} layer
 * @param {Viewport} viewport
 */
function depthOrder(layer, viewport) {
  const { order, backgroundCount } = layer;
  const depth = Float32Array.from(layer.radii, (_, i) => project(layer, i, viewport)[2]);
  const farFirst = (/** @type {number} */ i, /** @type {number} */ j) => depth[i] - depth[j];
  return [...order.slice(0, backgroundCount).sort(farFirst), ...order.slice(backgroundCount).sort(farFirst)];
}
