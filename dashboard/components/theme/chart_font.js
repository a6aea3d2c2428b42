const SVG = "http://www.w3.org/2000/svg";

/**
 * Saved charts carry the page's font and background.
 *
 * Plotly writes a chart as SVG, and draws PNG from what it has written, which knows no font that the page has fetched:
 * another would stand in, with letters of other widths than the chart has room for. So the font is written into the SVG.
 * On the page charts are transparent; without a background, pale letters of the dark theme would be saved for white paper.
 *
 * @param {{ serializeToString: XMLSerializer["serializeToString"] }} serializer what Plotly writes with
 * @param {() => string} rules of CSS, with the font in them
 * @param {() => string} background colour of the page
 */
export function writeIntoCharts(serializer, rules, background) {
  const serialize = serializer.serializeToString;
  serializer.serializeToString = function (root) {
    const chart = /** @type {Element} */ (root);
    if (chart.classList?.contains("main-svg")) {
      const style = chart.ownerDocument.createElementNS(SVG, "style");
      style.textContent = rules();
      const paper = chart.ownerDocument.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: background() })) {
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

/** Write the page's background into the charts that it saves, and its font once the page itself has it. */
export function embedPageStyle() {
  let rules = "";
  writeIntoCharts(XMLSerializer.prototype, () => rules, pageColour);
  document.fonts.ready
    .then(() => fontRules(getComputedStyle(document.body).fontFamily, [...document.styleSheets], asDataAddress))
    .then((found) => (rules = found));
}

function pageColour() {
  return getComputedStyle(document.querySelector(".stApp") ?? document.body).backgroundColor;
}
