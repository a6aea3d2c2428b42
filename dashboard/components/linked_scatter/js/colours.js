// Colours of points: a hue a group, or a scale for numbers, for the page's light or dark background.

const UNKNOWN = [140, 150, 152];
// viridis (van der Walt and Smith 2015), even steps from low to high: ordered by lightness, so safe for colour-blind eyes
const VIRIDIS = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137],
  [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37]];
// Which part of it is seen well on the background; a high value stands out from it.
const SEEN = { light: [0.86, 0.02], dark: [0.22, 1] };

function theme(element) {
  const style = getComputedStyle(element), value = (name) => style.getPropertyValue(name).trim();
  const paper = value("--paper"), probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = paper;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  return { paper, ink: value("--ink"), accent: value("--accent"), line: value("--line"), font: style.fontFamily, dark };
}

function scaled(share, dark) {
  const [from, to] = dark ? SEEN.dark : SEEN.light;
  const place = (from + (to - from) * Math.min(1, Math.max(0, share))) * (VIRIDIS.length - 1);
  const left = Math.min(VIRIDIS.length - 2, Math.floor(place)), part = place - left;
  return VIRIDIS[left].map((value, channel) => Math.round(value + part * (VIRIDIS[left + 1][channel] - value)));
}

// A hue for each of n, neighbours told apart by lightness as well.
function hued(i, n, dark) {
  const light = (dark ? [0.74, 0.63, 0.84] : [0.6, 0.47, 0.7])[n > 8 ? i % 3 : 0];
  return fromOklch(light, n > 8 && i % 3 === 2 ? 0.12 : 0.15, ((25 + (360 * i) / n) * Math.PI) / 180);
}

// Ottosson's OKLCH (2020) to sRGB bytes.
function fromOklch(lightness, chroma, hue) {
  const a = chroma * Math.cos(hue), b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => {
    const shade = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, shade)));
  });
}

function css(rgb) {
  return `rgb(${rgb.join(",")})`;
}

// One colour a class.
function classColours(colour, dark) {
  if (colour.categories) return Array.from(colour.values, (i) => hued(i, colour.categories.length, dark));
  const span = colour.high - colour.low || 1;
  return Array.from(colour.values, (value) =>
    Number.isNaN(value) ? UNKNOWN : scaled((value - colour.low) / span, dark));
}

// How far numbers reach.
function spread(values) {
  let least = Infinity, greatest = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return greatest > least ? greatest - least : undefined;
}

// How a number is written: as many digits as tell values of this span apart.
function written(value, span = Math.abs(value)) {
  if (typeof value !== "number") return value ?? "";
  if (Number.isNaN(value)) return "unknown";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const digits = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(span || 1))));
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
