// The page's font and colours in charts, on the page and in the files that are saved of them.

const SVG = "http://www.w3.org/2000/svg";
// Streamlit's theme sets what stands at axes and beside points in a grey too pale to be read with ease.
const LABELS = ":is(.xtick, .ytick, .colorbar, .g-xtitle, .g-ytitle, .legend, .annotation) text, text.gtitle-subtitle";
export const READABLE = `${LABELS} { fill: currentColor !important; fill-opacity: 0.8 !important; }`;

/**
 * Saved charts carry the page's font, background and colour of letters.
 *
 * Plotly writes a chart as SVG, and draws PNG from what it has written, which knows no font that the page has fetched:
 * another would stand in, with letters of other widths than the chart has room for. So the font is written into the SVG,
 * and named there: Plotly's own naming of it is cleared of its marks only as Chromium and WebKit write it, not in Firefox.
 * On the page charts are transparent; without a background, pale letters of the dark theme would be saved for white paper.
 *
 * @param {{ serializeToString: XMLSerializer["serializeToString"] }} serializer what Plotly writes with
 * @param {() => string} rules of CSS, with the font in them
 * @param {() => { background: string, letters: string, font: string }} look of the page
 */
export function writeIntoCharts(serializer, rules, look) {
  const serialize = serializer.serializeToString;
  serializer.serializeToString = function (root) {
    const chart = /** @type {Element} */ (root);
    if (chart.classList?.contains("main-svg")) {
      const style = chart.ownerDocument.createElementNS(SVG, "style");
      const { background, letters, font } = look();
      const text = `svg { color: ${letters}; }\ntext { font-family: ${font} !important; }`;
      style.textContent = `${rules()}\n${text}\n${READABLE}`;
      const paper = chart.ownerDocument.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: background })) {
        paper.setAttribute(name, value);
      }
      chart.prepend(style, paper);
    }
    return serialize.call(this, root);
  };
}

/**
 * The rules of the upright faces of a font, each with the font itself in place of its address.
 *
 * @param {string} families as CSS names them, of which the first counts
 * @param {CSSStyleSheet[]} sheets
 * @param {typeof asDataAddress} read
 */
export async function fontRules(families, sheets, read) {
  const family = unquoted(families.split(",")[0]);
  const found = [];
  for (const sheet of sheets) {
    for (const { cssText } of sheet.cssRules) {
      const named = /^@font-face.*font-family:([^;]+);/s.exec(cssText);
      const address = /url\(["']?([^"')]+)["']?\)/.exec(cssText);
      if (!named || !address || unquoted(named[1]) !== family || cssText.includes("italic")) continue;
      const data = await read(new URL(address[1], sheet.href ?? document.baseURI).href);
      found.push(cssText.replace(address[0], `url("${data}")`));
    }
  }
  return found.join("\n");
}

/** @param {string} name as CSS writes it */
function unquoted(name) {
  return name.trim().replace(/^["']|["']$/g, "");
}

/** @param {string} address of a file, which is read */
async function asDataAddress(address) {
  const content = await (await fetch(address)).blob();
  const reader = new FileReader();
  const isRead = new Promise((resolve) => (reader.onload = resolve));
  reader.readAsDataURL(content);
  await isRead;
  return String(reader.result);
}

/** Make what stands at the axes of charts readable, and write the page's style into the charts that it saves. */
export function embedPageStyle() {
  const readable = document.createElement("style");
  readable.textContent = READABLE;
  document.head.append(readable);
  let rules = "";
  writeIntoCharts(XMLSerializer.prototype, () => rules, pageLook);
  document.fonts.ready
    .then(() => fontRules(getComputedStyle(document.body).fontFamily, [...document.styleSheets], asDataAddress))
    .then((found) => (rules = found));
}

function pageLook() {
  const { backgroundColor, color, fontFamily } = getComputedStyle(document.querySelector(".stApp") ?? document.body);
  return { background: backgroundColor, letters: color, font: fontFamily };
}
