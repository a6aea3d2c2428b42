// From what Python sent to arrays that can be drawn.

function decoded(text, Type = Float32Array) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Type(bytes.buffer);
}

function unpacked(sent) {
  const { dimensions } = sent, n = sent.names.length;
  const raw = mapped(sent.positions, (text) => decoded(text));
  const told = sent.sentences && mapped(sent.sentences.positions, (text) => decoded(text));
  const frames = framesOf(sent, raw, told);
  const fit = (values, key) => framed(values, dimensions, frames[key]);
  const pins = sent.pins.map((pin) => ({
    ...pin, places: mapped(pin.positions, (values, key) => fit(values, key)),
  }));
  return {
    ...sent,
    n,
    solid: dimensions === 3,
    places: mapped(raw, fit),
    sentences: sent.sentences && {
      ...sent.sentences, rows: decoded(sent.sentences.rows, Int32Array), places: mapped(told, fit),
    },
    pins,
    colour: { ...sent.colour, values: decoded(sent.colour.values) },
  };
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

// Middle and half side of what each pane shows; panes of one frame share theirs.
function framesOf(sent, raw, told) {
  const found = {}, d = sent.dimensions;
  const frameOf = Object.fromEntries(sent.panes.map((pane) => [pane.key, pane.frame || `pane ${pane.key}`]));
  for (const [key, frame] of Object.entries(frameOf)) {
    const box = (found[frame] ??= { low: Array(d).fill(Infinity), high: Array(d).fill(-Infinity) });
    for (const values of [raw[key], told?.[key]]) {
      for (let i = 0; i < (values?.length ?? 0); i++) {
        if (values[i] < box.low[i % d]) box.low[i % d] = values[i];
        if (values[i] > box.high[i % d]) box.high[i % d] = values[i];
      }
    }
  }
  return mapped(frameOf, (frame) => {
    const { low, high } = found[frame];
    const known = low.map((value, axis) => (Number.isFinite(value) ? [value, high[axis]] : [-1, 1]));
    return {
      middle: known.map(([least, greatest]) => (least + greatest) / 2),
      half: Math.max(...known.map(([least, greatest]) => greatest - least)) / 2 || 1,
    };
  });
}

// 3 numbers a point within -1..1; NaN stays NaN.
function framed(values, d, { middle, half }) {
  const out = new Float32Array((3 * values.length) / d);
  for (let i = 0; i < values.length; i++) {
    const axis = i % d;
    out[3 * ((i - axis) / d) + axis] = (values[i] - middle[axis]) / half;
  }
  return out;
}

// Layer that shows points a moving to b; hidden where either is unknown.
function layerOf(a, b, radius) {
  const sizes = new Float32Array(a.length / 3), known = (values, i) => !Number.isNaN(values[3 * i] + values[3 * i + 1]);
  for (let i = 0; i < sizes.length; i++) sizes[i] = known(a, i) && known(b, i) ? radius : 0;
  return { a, b, sizes, shown: sizes };
}
