// What runs once when a page is loaded.

import { announceWork } from "./announcements.js";
import { embedPageStyle } from "./chart_font.js";
import { polyfillClipboard } from "./clipboard.js";
import { keepEntriesForPlaces } from "./history.js";
import { fitOntoPaper } from "./print.js";
import { letFingersScroll } from "./touch.js";
import { surviveTranslation } from "./translation.js";

/**
 * Add to the page what Streamlit lacks; once in its life.
 *
 * @param {string[]} places - Query parameters of the position on a page, such as a tab.
 */
export function preparePage(places) {
  keepEntriesForPlaces(history, location, Date.now, places);
  embedPageStyle();
  fitOntoPaper();
  announceWork();
  letFingersScroll();
  surviveTranslation();
  polyfillClipboard();
}
