// Printing of pages.

/** Pixels across a sheet of A4 between a browser's margins; US Letter has a few more. */
const PAPER_PIXELS = 700;
const SMALLEST = 0.5; // letters of 8 pixels can just be read

/**
 * How much smaller a page is printed than shown.
 *
 * @param {number} pixels across the page, without the sidebar
 */
export function paperZoom(pixels) {
  return Math.min(1, Math.max(SMALLEST, PAPER_PIXELS / pixels));
}

/** Print pages as they are shown, but smaller: charts are not drawn anew for the paper, which would cut them off. */
export function fitOntoPaper() {
  const zoomTo = (/** @type {(main: HTMLElement) => string} */ zoomOf) => () => {
    const main = document.querySelector(".stMain");
    if (!(main instanceof HTMLElement)) return;
    main.style.zoom = ""; // where it was left, the page would be measured too wide
    main.style.zoom = zoomOf(main);
  };
  addEventListener(
    "beforeprint",
    zoomTo((main) => String(paperZoom(main.clientWidth))),
  );
  addEventListener(
    "afterprint",
    zoomTo(() => ""),
  );
}
