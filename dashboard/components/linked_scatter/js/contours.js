// @ts-check
// Density contours of the classes, the lowest part of the overlay.

/** @import { Theme } from "./colours.js" */
/** @import { Pane } from "./pane.js" */
/** @import { Contour } from "./scene.js" */

const FILL_ALPHA = 0.06; // of each contour; they lie upon one another
const LINE_ALPHA = { outermost: 0.35, innermost: 0.8 };

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {Contour[]} contours The innermost first.
 * @param {Theme} theme
 */
export function drawContours(context, pane, contours, theme) {
  context.lineWidth = 1.2;
  context.strokeStyle = context.fillStyle = theme.text;
  const { outermost, innermost } = LINE_ALPHA;
  [...contours].reverse().forEach(({ lines }, i) => {
    const path = new Path2D();
    for (const line of lines) {
      for (let k = 0; k < line.length; k += 3) {
        const [x, y] = pane.project(line.subarray(k, k + 3));
        if (k) path.lineTo(x, y);
        else path.moveTo(x, y);
      }
      path.closePath();
    }
    context.globalAlpha = FILL_ALPHA;
    context.fill(path, "evenodd");
    context.globalAlpha = outermost + ((innermost - outermost) * i) / Math.max(1, contours.length - 1);
    context.stroke(path);
  });
  context.globalAlpha = 1;
}
