"""Entry point of the dashboard: navigation and the sidebar that all pages share."""

import json
from pathlib import Path

import streamlit as st

from dashboard import pages
from dashboard.components.es_modules import join_modules
from dashboard.state import query_params, session, visitors

COMPONENTS = Path(__file__).parent / "components"
THEME = COMPONENTS / "theme"
NAME = "Words to pictures"
PLACES = sorted({place for each in pages.PAGES for place in each.places})
SCRIPTS = f"""<script>{{
{join_modules(THEME / "history.js")}
window.keepsEntriesForPlaces ??= !keepEntriesForPlaces(history, location, Date.now, {json.dumps(PLACES)});
}}{{
{join_modules(THEME / "chart_font.js")}
window.savesItsStyle ??= !embedPageStyle();
}}</script>"""  # a "<" before a letter, even in a comment of a module, and Streamlit's sanitiser drops it all

st.set_page_config(
    page_title=NAME,
    page_icon=str(THEME / "mark.svg"),
    layout="wide",
    menu_items={"About": "Language model and BigGAN, aligned: sentences become points of class space, and pictures."},
)
st.html(THEME / "style.css")
st.html(COMPONENTS / "html.css")
st.container(key="scripts").html(SCRIPTS, unsafe_allow_javascript=True)
st.logo(THEME / "logo.svg", icon_image=THEME / "mark.svg", size="large")
overview, *others = pages.PAGES
page = st.navigation(
    [
        st.Page(overview.path, title=overview.title, icon=overview.icon, url_path="", default=True),
        *(st.Page(other.path, title=other.title, icon=other.icon, url_path=other.address) for other in others),
        # The root is the default page's only address; people type one like those of the others.
        st.Page(overview.path, title=overview.title, url_path=overview.address, visibility="hidden"),
    ]
)
st.set_page_config(page_title=f"{page.title} · {NAME}")
visitors.enter(page.title)
query_params.begin(page.title)
with st.sidebar:
    session.sidebar()
top = st.empty()
query_params.show_problems(top)  # of the sidebar; a page that cannot go on ends the run
page.run()
query_params.show_problems(top)
query_params.end()
