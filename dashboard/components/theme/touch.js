// Touch input on charts.

/** A finger on a chart scrolls the page, and a tap shows what is there; Plotly would take it for the start of a drag. */
export function letFingersScroll() {
  const keepFromPlotly = (/** @type {TouchEvent} */ event) => {
    if (event.target instanceof Element && event.target.closest(".draglayer")) event.stopPropagation();
  };
  addEventListener("touchstart", keepFromPlotly, { capture: true, passive: true });
}
