"""Entry point of the dashboard: navigation and the sidebar that all pages share."""

import sys
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
if str(HERE.parent) not in sys.path:  # `streamlit run` puts this file's folder there, not the one it is started from
    sys.path.insert(0, str(HERE.parent))

from dashboard import links, session  # noqa: E402

st.set_page_config(
    page_title="Words to pictures",
    page_icon=str(HERE / "assets/mark.svg"),
    layout="wide",
    menu_items={"About": "Language model and BigGAN, aligned: sentences become points of class space, and pictures."},
)
st.html(HERE / "assets/style.css")
st.logo(HERE / "assets/logo.svg", icon_image=HERE / "assets/mark.svg", size="large")
page = st.navigation(
    [
        st.Page("views/overview.py", title="Overview", icon=":material/home:", default=True),
        st.Page("views/generate.py", title="Generate", icon=":material/image:"),
        st.Page("views/interpolation.py", title="Interpolation", icon=":material/route:"),
        st.Page("views/spaces.py", title="Latent spaces", icon=":material/scatter_plot:"),
        st.Page("views/error.py", title="Mapping error", icon=":material/troubleshoot:"),
        st.Page("views/seeds.py", title="Seed pairs", icon=":material/format_quote:"),
    ]
)
links.read()
with st.sidebar:
    session.sidebar()
links.show_problems()
page.run()
