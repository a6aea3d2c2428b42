// @ts-check
// Points drawn by WebGL 2.

import { pixelsPerUnit, radiusScale } from "./camera.js";
import { EDGE_SHADER, REACH } from "./shapes.js";

/** @import { Viewport } from "./camera.js" */
/** @import { Layer } from "./layers.js" */

const VERTEX_SHADER = `#version 300 es
in vec3 start; in vec3 end; in vec4 colour; in float size; in float shape;
uniform float progress; uniform float pixelRatio; uniform float depth; uniform float radiusScale;
uniform mat3 rotation; uniform vec4 scaleAndShift;
out vec4 fill; out float radius; out float side; flat out int form;
void main() {
  vec3 p = rotation * mix(start, end, progress);
  radius = size * radiusScale * (1.0 + 0.3 * depth * p.z) * pixelRatio;
  side = ${2 * REACH} * radius + 2.0;
  gl_Position = size > 0.0
    ? vec4(p.xy * scaleAndShift.xy + scaleAndShift.zw, -0.25 * p.z, 1.0)
    : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = side;
  fill = colour;
  form = int(shape);
}`;

const FRAGMENT_SHADER = `#version 300 es
precision highp float;
in vec4 fill; in float radius; in float side; flat in int form;
uniform float depth;
out vec4 pixel;${EDGE_SHADER}
void main() {
  float alpha = clamp(radius + 0.5 - edge((gl_PointCoord - 0.5) * side, radius, form), 0.0, 1.0);
  if (alpha < 0.01 || (depth > 0.5 && alpha < 0.5)) discard;
  alpha *= fill.a;
  pixel = vec4(fill.rgb * alpha, alpha);
}`;

const UNIFORMS = ["progress", "pixelRatio", "depth", "radiusScale", "rotation", "scaleAndShift"];

/** @typedef {"start" | "end" | "colours" | "radii" | "shapes"} VertexArray */
/** @type {{ array: VertexArray, attribute: string, size: number, isBytes: boolean }[]} */
const ATTRIBUTES = [
  { array: "start", attribute: "start", size: 3, isBytes: false },
  { array: "end", attribute: "end", size: 3, isBytes: false },
  { array: "colours", attribute: "colour", size: 4, isBytes: true },
  { array: "radii", attribute: "size", size: 1, isBytes: false },
  { array: "shapes", attribute: "shape", size: 1, isBytes: false },
];

/**
 * A layer on the graphics card: its buffers, and the arrays they were filled from.
 *
 * @typedef {object} UploadedLayer
 * @property {WebGLVertexArrayObject} vertices
 * @property {Partial<Record<VertexArray | "order", WebGLBuffer>>} buffers
 * @property {Partial<Layer>} arrays
 */

export class WebGLPoints {
  kind = "webgl";
  /** @type {WebGLProgram} */
  program;
  /** @type {Record<string, WebGLUniformLocation | null>} */
  uniforms = {};
  /** @type {UploadedLayer[]} */
  uploaded = [];
  /** @type {(() => void) | null} Called when a lost context is back and has to be drawn again. */
  onRestored = null;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.initialise();
    gl.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    gl.canvas.addEventListener("webglcontextrestored", () => {
      this.initialise();
      this.onRestored?.();
    });
  }

  initialise() {
    const program = linkedProgram(this.gl);
    this.program = program;
    this.uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, this.gl.getUniformLocation(program, name)]));
    this.uploaded = [];
  }

  /**
   * @param {Layer[]} layers
   * @param {Viewport} viewport
   * @param {number} pixelRatio Device pixels per CSS pixel.
   * @param {boolean} is3D
   */
  draw(layers, viewport, pixelRatio, is3D) {
    const { gl } = this;
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (is3D) gl.enable(gl.DEPTH_TEST);
    else gl.disable(gl.DEPTH_TEST);
    gl.useProgram(this.program);
    this.setUniforms(viewport, pixelRatio, is3D);
    layers.forEach((layer, slot) => {
      this.upload(slot, layer);
      const { backgroundCount, order } = layer;
      gl.depthMask(layer.opaque); // what is seen through hides nothing
      gl.drawElements(gl.POINTS, backgroundCount, gl.UNSIGNED_INT, 0);
      gl.depthMask(true);
      gl.drawElements(gl.POINTS, order.length - backgroundCount, gl.UNSIGNED_INT, 4 * backgroundCount);
    });
  }

  /**
   * @param {Viewport} viewport
   * @param {number} pixelRatio
   * @param {boolean} is3D
   */
  setUniforms(viewport, pixelRatio, is3D) {
    const { gl, uniforms } = this;
    const { camera, progress, width, height } = viewport;
    const scale = pixelsPerUnit(viewport);
    const [x, y] = [(2 * scale) / width, (2 * scale) / height]; // clip space is 2 wide and 2 high
    gl.uniform1f(uniforms.progress, progress);
    gl.uniform1f(uniforms.pixelRatio, pixelRatio);
    gl.uniform1f(uniforms.radiusScale, radiusScale(viewport));
    gl.uniform1f(uniforms.depth, is3D ? 1 : 0);
    gl.uniformMatrix3fv(uniforms.rotation, false, camera.rotation);
    gl.uniform4f(uniforms.scaleAndShift, x * camera.zoom, y * camera.zoom, x * camera.x, y * camera.y);
  }

  /**
   * Bind a layer's buffers; arrays that are not on the graphics card yet are uploaded.
   *
   * @param {number} slot
   * @param {Layer} layer
   */
  upload(slot, layer) {
    const { gl } = this;
    const { vertices, buffers, arrays } = (this.uploaded[slot] ??= {
      vertices: gl.createVertexArray(),
      buffers: {},
      arrays: {},
    });
    gl.bindVertexArray(vertices);
    for (const { array, attribute, size, isBytes } of ATTRIBUTES) {
      if (arrays[array] === layer[array]) continue;
      gl.bindBuffer(gl.ARRAY_BUFFER, (buffers[array] ??= gl.createBuffer()));
      gl.bufferData(gl.ARRAY_BUFFER, layer[array], gl.DYNAMIC_DRAW);
      const location = gl.getAttribLocation(this.program, attribute);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, isBytes ? gl.UNSIGNED_BYTE : gl.FLOAT, isBytes, 0, 0);
    }
    if (arrays.order !== layer.order) {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, (buffers.order ??= gl.createBuffer()));
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, layer.order, gl.DYNAMIC_DRAW);
    }
    Object.assign(arrays, layer);
  }

  /** Give the context back: a browser grants a page only a few. */
  release() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/** @param {WebGL2RenderingContext} gl */
function linkedProgram(gl) {
  const program = gl.createProgram();
  const attach = (/** @type {number} */ type, /** @type {string} */ source) => {
    const shader = gl.createShader(type);
    if (!shader) return; // the context is lost; it is initialised again once it is restored
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  };
  attach(gl.VERTEX_SHADER, VERTEX_SHADER);
  attach(gl.FRAGMENT_SHADER, FRAGMENT_SHADER);
  gl.linkProgram(program);
  return program;
}
