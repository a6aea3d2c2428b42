// Points of one pane: drawn by WebGL 2, or on a plain canvas where there is none.
//
// A layer is {a, b, colours, sizes, order, quiet, firm}: positions (3 numbers a point, within -1..1) before and after a
// morph, RGBA bytes, radii in CSS pixels (0 hides a point), and the order in which they are drawn: first so many quiet
// ones, which hide what is behind them if they are firm, then those that stand out. Arrays are replaced, never changed,
// so that one which is the same needs no second upload.
// A camera is {turn: 3x3 rotation by columns, zoom, x, y}; x and y in units of the fitted frame.

const MARGIN = 1.1;

// Pixels per unit such that -1..1 fits the pane.
function fitted(width, height) {
  return Math.min(width, height) / 2 / MARGIN;
}

// By how much points are larger than their layer says: in a larger pane, and looked at more closely.
function grown(camera, width, height) {
  return Math.min(1.15, Math.max(0.7, Math.min(width, height) / 380)) * Math.min(2, camera.zoom ** 0.3);
}

// Where a point of a layer lies, in CSS pixels of the pane; z towards the reader.
function placed(layer, i, camera, t, width, height, out = [0, 0, 0]) {
  const { a, b } = layer, m = camera.turn, k = 3 * i;
  const x = a[k] + t * (b[k] - a[k]), y = a[k + 1] + t * (b[k + 1] - a[k + 1]), z = a[k + 2] + t * (b[k + 2] - a[k + 2]);
  const scale = fitted(width, height);
  out[0] = width / 2 + scale * (camera.zoom * (m[0] * x + m[3] * y + m[6] * z) + camera.x);
  out[1] = height / 2 - scale * (camera.zoom * (m[1] * x + m[4] * y + m[7] * z) + camera.y);
  out[2] = m[2] * x + m[5] * y + m[8] * z;
  return out;
}

const VERTEX = `#version 300 es
in vec3 a; in vec3 b; in vec4 colour; in float size;
uniform float t; uniform float ratio; uniform float depth; uniform float grown; uniform mat3 turn; uniform vec4 view;
out vec4 paint; out float radius; out float side;
void main() {
  vec3 p = turn * mix(a, b, t);
  radius = size * grown * (1.0 + 0.3 * depth * p.z) * ratio;
  side = 2.0 * radius + 2.0;
  gl_Position = size > 0.0 ? vec4(p.xy * view.xy + view.zw, -0.25 * p.z, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = side;
  paint = colour;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 paint; in float radius; in float side;
uniform float depth;
out vec4 pixel;
void main() {
  float alpha = clamp(radius + 0.5 - length(gl_PointCoord - 0.5) * side, 0.0, 1.0);
  if (alpha < 0.01 || (depth > 0.5 && alpha < 0.5)) discard;
  alpha *= paint.a;
  pixel = vec4(paint.rgb * alpha, alpha);
}`;

const ATTRIBUTES = { a: [3, "FLOAT"], b: [3, "FLOAT"], colours: [4, "UNSIGNED_BYTE"], sizes: [1, "FLOAT"] };
const SHADER_NAMES = { a: "a", b: "b", colours: "colour", sizes: "size" };

class WebGLPoints {
  kind = "webgl";

  constructor(gl) {
    this.gl = gl;
    this.start();
    this.onrestored = null;
    gl.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    gl.canvas.addEventListener("webglcontextrestored", () => { this.start(); this.onrestored?.(); });
  }

  start() {
    const gl = this.gl, program = (this.program = gl.createProgram());
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    this.uniforms = Object.fromEntries(
      ["t", "ratio", "depth", "grown", "turn", "view"].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.stored = [];
  }

  store(slot, layer) {
    const gl = this.gl, known = (this.stored[slot] ??= { vertices: gl.createVertexArray(), buffers: {}, arrays: {} });
    gl.bindVertexArray(known.vertices);
    for (const [name, [count, type]] of Object.entries(ATTRIBUTES)) {
      if (known.arrays[name] === layer[name]) continue;
      gl.bindBuffer(gl.ARRAY_BUFFER, (known.buffers[name] ??= gl.createBuffer()));
      gl.bufferData(gl.ARRAY_BUFFER, (known.arrays[name] = layer[name]), gl.DYNAMIC_DRAW);
      const place = gl.getAttribLocation(this.program, SHADER_NAMES[name]);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, count, gl[type], type === "UNSIGNED_BYTE", 0, 0);
    }
    if (known.arrays.order !== layer.order) {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, (known.buffers.order ??= gl.createBuffer()));
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, (known.arrays.order = layer.order), gl.DYNAMIC_DRAW);
    }
  }

  draw(layers, camera, t, width, height, ratio, solid) {
    const gl = this.gl, scale = fitted(width, height);
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (solid) gl.enable(gl.DEPTH_TEST);
    else gl.disable(gl.DEPTH_TEST);
    gl.useProgram(this.program);
    gl.uniform1f(this.uniforms.t, t);
    gl.uniform1f(this.uniforms.ratio, ratio);
    gl.uniform1f(this.uniforms.grown, grown(camera, width, height));
    gl.uniform1f(this.uniforms.depth, solid ? 1 : 0);
    gl.uniformMatrix3fv(this.uniforms.turn, false, camera.turn);
    const x = (2 * scale) / width, y = (2 * scale) / height;
    gl.uniform4f(this.uniforms.view, x * camera.zoom, y * camera.zoom, x * camera.x, y * camera.y);
    layers.forEach((layer, slot) => {
      this.store(slot, layer);
      gl.depthMask(layer.firm); // what is seen through hides nothing
      gl.drawElements(gl.POINTS, layer.quiet, gl.UNSIGNED_INT, 0);
      gl.depthMask(true);
      gl.drawElements(gl.POINTS, layer.order.length - layer.quiet, gl.UNSIGNED_INT, 4 * layer.quiet);
    });
  }

  end() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

class PlainPoints {
  kind = "canvas";

  constructor(context) {
    this.context = context;
  }

  draw(layers, camera, t, width, height, ratio, solid) {
    const context = this.context, place = [0, 0, 0], grow = grown(camera, width, height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const layer of layers) {
      const { colours, sizes } = layer;
      for (const i of solid ? this.byDepth(layer, camera, t) : layer.order) {
        if (!sizes[i]) continue;
        const [x, y, z] = placed(layer, i, camera, t, width, height, place);
        const radius = sizes[i] * grow * (solid ? 1 + 0.3 * z : 1);
        if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
        const k = 4 * i;
        context.fillStyle = `rgba(${colours[k]},${colours[k + 1]},${colours[k + 2]},${colours[k + 3] / 255})`;
        if (radius < 2) {
          context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
        } else {
          context.beginPath();
          context.arc(x, y, radius, 0, 2 * Math.PI);
          context.fill();
        }
      }
    }
  }

  byDepth(layer, camera, t) {
    const depth = Float32Array.from({ length: layer.sizes.length }, (_, i) => placed(layer, i, camera, t, 2, 2)[2]);
    const far = (i, j) => depth[i] - depth[j], { order, quiet } = layer;
    return [...order.slice(0, quiet).sort(far), ...order.slice(quiet).sort(far)];
  }

  end() {}
}

function pointsOn(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false });
  return gl ? new WebGLPoints(gl) : new PlainPoints(canvas.getContext("2d"));
}
