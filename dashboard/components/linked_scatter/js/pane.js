// One pane: its two canvases, its camera, and what the mouse and the keys do on it.

const NEAR = 9; // pixels within which a point counts as pointed at
const STILL = 4; // a mouse that moves less was clicked
const FLAT = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const NOTHING = { row: null, sentence: null, pin: null };
const NO_LAYER = { a: new Float32Array(), b: new Float32Array(), sizes: new Float32Array(), shown: new Float32Array(),
  colours: new Uint8Array(), order: new Uint32Array(), quiet: 0, firm: false };

function newCamera() {
  return { turn: FLAT, zoom: 1, x: 0, y: 0 };
}

// A rotation by columns, first `turn`, then by these angles about the upright and the level axis.
function turned(turn, upright, level) {
  const [c, s, d, e] = [Math.cos(upright), Math.sin(upright), Math.cos(level), Math.sin(level)];
  const by = [c, e * s, -d * s, 0, d, e, s, -e * c, d * c];
  return [0, 3, 6].flatMap((k) =>
    [0, 1, 2].map((i) => by[i] * turn[k] + by[i + 3] * turn[k + 1] + by[i + 6] * turn[k + 2]));
}

function within(x, y, polygon) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i], [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

class Pane {
  constructor(view, key, { morphs = false } = {}) {
    Object.assign(this, { view, key, morphs, camera: newCamera(), t: 1, reach: null, width: 0, height: 0 });
    this.classes = this.sentences = NO_LAYER;
    this.head = make("figcaption");
    this.plot = make("div", { className: "plot" });
    this.figure = make("figure", { className: "pane" }, this.head, this.plot);
    this.figure.dataset.key = key;
    this.canvas = make("canvas", { className: "points" });
    this.over = make("canvas", { className: "marks", tabIndex: 0 });
    this.over.setAttribute("role", "img");
    this.plot.append(this.canvas, this.over);
    this.points = pointsOn(this.canvas);
    this.points.onrestored = () => this.ask();
    this.sized = new ResizeObserver(() => this.measure());
    this.sized.observe(this.plot);
    this.listen();
  }

  end() {
    this.sized.disconnect();
    cancelAnimationFrame(this.frame);
    this.stop?.();
    this.points.end();
  }

  measure() {
    const { clientWidth: width, clientHeight: height } = this.plot, ratio = devicePixelRatio || 1;
    if (!width || (width === this.width && height === this.height && ratio === this.ratio)) return;
    Object.assign(this, { width, height, ratio });
    for (const canvas of [this.canvas, this.over]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.draw();
  }

  // Show positions a moving to b, or move from what is shown to b.
  load(scene, a, b) {
    const key = this.key, told = scene.sentences?.places ?? {}, [from, to] = [a ?? key, b ?? key];
    const layer = (places, radius) =>
      places[from] && places[to] ? layerOf(places[from], places[to], radius) : NO_LAYER;
    const before = this.classes;
    this.ends = [from, to];
    this.classes = layer(scene.places, scene.n > 500 ? 3.6 : 4.6);
    this.sentences = layer(told, told[to]?.length > 30_000 ? 1.4 : 1.8);
    if (!this.morphs) this.glide(before);
  }

  // Points that stood elsewhere a moment ago move to where they stand now.
  glide(before) {
    this.stop?.();
    this.t = 1;
    const stood = before.b, stands = this.classes.b;
    if (stood.length !== stands.length || stood.every((value, i) => value === stands[i]) || this.view.still) return;
    this.classes.a = stood.map((value, i) => (Number.isNaN(value) ? stands[i] : value));
    this.stop = over(500, (share) => {
      this.t = eased(share);
      this.draw();
    });
  }

  paint(paint, told) {
    const loud = this.view.selected.size <= FEW ? 1.35 : 1.15;
    const shown = this.classes.sizes.map((size, row) => (this.view.stands(row) ? size * loud : size));
    this.classes = { ...this.classes, ...paint, shown };
    if (told && this.sentences !== NO_LAYER) this.sentences = { ...this.sentences, ...told };
    this.ask();
  }

  ask() {
    this.stale = true;
    this.askMarks();
  }

  askMarks() {
    this.frame ??= requestAnimationFrame(() => this.draw(this.stale));
  }

  draw(stale = true) {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.width || !this.classes.colours || this.figure.hidden) return; // not painted, or not seen, yet
    this.stale = false;
    const { camera, width, height, ratio } = this;
    const layers = [this.sentences, this.classes].map((layer) => ({ ...layer, sizes: layer.shown }));
    if (stale) this.points.draw(layers, camera, this.t, width, height, ratio, this.view.scene.solid);
    const context = this.over.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    drawMarks(context, this, this.view);
  }

  // Where a class lies on this pane, in pixels.
  place(row, t = this.t) {
    return placed(this.classes, row, this.camera, t, this.width, this.height, [0, 0, 0]);
  }

  // How large a class is drawn.
  radius(row) {
    return this.classes.shown[row] * grown(this.camera, this.width, this.height);
  }

  // Where a point of this pane's frame lies.
  at(point) {
    return placed({ a: point, b: point }, 0, this.camera, 1, this.width, this.height, [0, 0, 0]);
  }

  pinAt(pin) {
    const [a, b] = this.ends.map((key) => pin.places[key]);
    return a && b ? placed({ a, b }, 0, this.camera, this.t, this.width, this.height, [0, 0, 0]) : null;
  }

  // What lies under the mouse: a pin, a class, or a sentence.
  under(x, y) {
    const pin = this.view.scene.pins.findIndex((one) => {
      const at = this.pinAt(one);
      return at && Math.hypot(at[0] - x, at[1] - y) <= NEAR + 2;
    });
    if (pin >= 0) return { ...NOTHING, pin };
    const row = this.nearest(this.classes, x, y, NEAR);
    if (row !== null) return { ...NOTHING, row };
    const sentence = this.nearest(this.sentences, x, y, 5);
    return sentence === null ? NOTHING : { ...NOTHING, sentence, row: this.view.scene.sentences.rows[sentence] };
  }

  nearest(layer, x, y, reach) {
    let best = null, least = reach * reach;
    const place = [0, 0, 0];
    for (let i = 0; i < layer.shown.length; i++) {
      if (!layer.shown[i]) continue;
      placed(layer, i, this.camera, this.t, this.width, this.height, place);
      const distance = (place[0] - x) ** 2 + (place[1] - y) ** 2;
      if (distance <= least) [best, least] = [i, distance];
    }
    return best;
  }

  inside(polygon) {
    const rows = [];
    for (let row = 0; row < this.classes.shown.length; row++) {
      const [x, y] = this.place(row);
      if (this.classes.shown[row] && within(x, y, polygon)) rows.push(row);
    }
    return rows;
  }

  look(change) {
    this.camera = { ...this.camera, ...change };
    this.view.looked(this);
  }

  zoom(by, x = this.width / 2, y = this.height / 2) {
    const { camera } = this, scale = fitted(this.width, this.height);
    const factor = Math.min(60, Math.max(0.4, camera.zoom * by)) / camera.zoom;
    const [u, v] = [(x - this.width / 2) / scale, (this.height / 2 - y) / scale];
    this.look({ zoom: camera.zoom * factor, x: u - (u - camera.x) * factor, y: v - (v - camera.y) * factor });
  }

  listen() {
    const { over: surface, view } = this, on = (event, act) => surface.addEventListener(event, act, { passive: false });
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => (this.held ? this.drag(event) : view.hover(this, this.under(...spot(event)), event)));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", () => { this.held = this.reach = null; this.askMarks(); });
    on("pointerleave", () => view.hover(this, NOTHING));
    on("contextmenu", (event) => event.preventDefault());
    on("dblclick", () => view.reset());
    on("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 240), ...spot(event));
    });
    on("keydown", (event) => this.type(event));
  }

  press(event) {
    const mode = event.button === 2 ? "pan" : event.shiftKey && this.view.mode === "move" ? "box" : this.view.mode;
    const moves = this.view.scene.solid ? "turn" : "pan";
    this.held = { from: spot(event), last: spot(event), kind: mode === "move" ? moves : mode, moved: false };
    this.over.setPointerCapture(event.pointerId);
    this.over.focus({ preventScroll: true });
  }

  drag(event) {
    const { held } = this, [x, y] = spot(event), [dx, dy] = [x - held.last[0], y - held.last[1]];
    if (!held.moved && Math.hypot(x - held.from[0], y - held.from[1]) < STILL) return;
    held.moved = true;
    held.last = [x, y];
    this.view.hover(this, NOTHING);
    const scale = fitted(this.width, this.height);
    if (held.kind === "pan") return this.look({ x: this.camera.x + dx / scale, y: this.camera.y - dy / scale });
    if (held.kind === "turn") return this.look({ turn: turned(this.camera.turn, dx / scale, dy / scale) });
    const [left, top] = held.from;
    if (held.kind === "box") this.reach = [[left, top], [x, top], [x, y], [left, y]];
    else (this.reach ??= [held.from]).push([x, y]);
    this.askMarks();
  }

  release(event) {
    const { held, reach } = this;
    this.held = this.reach = null;
    if (!held) return;
    if (reach) this.view.select(this.inside(reach), event.shiftKey && this.view.mode !== "move");
    else if (!held.moved && event.button === 0) this.view.click(this.under(...spot(event)).row, event.shiftKey);
    this.askMarks();
  }

  type(event) {
    const step = 0.15, { camera } = this;
    const acts = {
      ArrowLeft: () => this.look({ x: camera.x + step }),
      ArrowRight: () => this.look({ x: camera.x - step }),
      ArrowUp: () => this.look({ y: camera.y - step }),
      ArrowDown: () => this.look({ y: camera.y + step }),
      "+": () => this.zoom(1.25),
      "=": () => this.zoom(1.25),
      "-": () => this.zoom(0.8),
      0: () => this.view.reset(),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    acts[event.key]();
  }
}

function spot(event) {
  return [event.offsetX, event.offsetY];
}

function eased(share) {
  return share * share * (3 - 2 * share);
}

// Call step(share) on every frame for so many milliseconds; returns what stops it.
function over(milliseconds, step) {
  const start = performance.now();
  let frame = requestAnimationFrame(function next() {
    const share = Math.min(1, (performance.now() - start) / milliseconds);
    if (share < 1) frame = requestAnimationFrame(next);
    step(share);
  });
  return () => cancelAnimationFrame(frame);
}
