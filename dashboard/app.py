"""Entry point of the Streamlit app: navigation, and the sidebar that all pages share."""

import json
import sys
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

if (root := str(Path(__file__).parents[1])) not in sys.path:  # `streamlit run` adds this file's folder alone
    sys.path.insert(0, root)

from dashboard import pages
from dashboard.components.es_modules import join_modules
from dashboard.state import query_params, sidebar, visitors

COMPONENTS = Path(__file__).parent / "components"
THEME = COMPONENTS / "theme"
NAME = "Words to pictures"
PLACES = sorted({place for each in pages.PAGES for place in each.places})
STYLES = "".join(
    f"<style>{path.read_text(encoding='utf-8')}</style>" for path in (THEME / "style.css", COMPONENTS / "html.css")
)
SCRIPT = f"""<script>{{
{join_modules(THEME / "prepare_page.js")}
window.isPrepared ??= !preparePage({json.dumps(PLACES)});
}}</script>"""  # with a "<" before a letter, even in a comment, Streamlit's sanitiser would drop it all


def menu(*, is_typed: bool = False) -> list[StreamlitPage]:
    """All pages; the first one has two URLs: the root, and one like those of the others, which people type."""

    def entry(page: pages.Page, address: str, *, default: bool = False, visible: bool = True) -> StreamlitPage:
        visibility: Literal["visible", "hidden"] = "visible" if visible else "hidden"
        return st.Page(
            page.path, title=page.title, icon=page.icon, url_path=address, default=default, visibility=visibility
        )

    first, *others = pages.PAGES
    return [
        entry(first, "", default=True, visible=not is_typed),
        entry(first, first.address, visible=is_typed),
        *(entry(page, page.address) for page in others),
    ]


st.set_page_config(
    page_title=NAME,
    page_icon=str(THEME / "mark.svg"),
    layout="wide",
    menu_items={"About": "Language model and BigGAN, aligned: sentences become points of class space, and pictures."},
)
with st.container(key="head"):
    st.html(f"<div>{STYLES}</div>")  # styles alone, Streamlit would put after the page, which stood bare for a moment
    st.html(SCRIPT, unsafe_allow_javascript=True)
st.logo(THEME / "logo.svg", icon_image=THEME / "mark.svg", size="large")
page = st.navigation(menu())
if page.url_path == pages.PAGES[0].address:
    page = st.navigation(menu(is_typed=True))
st.set_page_config(page_title=f"{page.title} · {NAME}")
visitors.enter(page.title)
query_params.begin(page.title)
with st.sidebar:
    sidebar.show()
top = st.empty()
query_params.show_problems(top)  # of the sidebar; a page may stop the run
page.run()
query_params.show_problems(top)
query_params.end()
