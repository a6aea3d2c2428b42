"""The benchmark of page switches sees what a component draws in its shadow root."""

from benchmarks.browser import READY
from benchmarks.pages import SWITCH
from dashboard.pages import CLASSES

PAGE = f"""<a data-testid="stSidebarNavLink">apps {CLASSES.title}</a><h1>{CLASSES.heading}</h1><div id="host"></div>
<script>
document.querySelector("a").onclick = () => {{
  const root = document.getElementById("host").attachShadow({{ mode: "open" }});
  root.innerHTML = '<div class="wall"><a class="tile">tench</a></div>';
}};
</script>"""


def test_a_switch_to_a_page_of_components_ends(chromium):
    tab = chromium.new_page()
    tab.set_content(PAGE)
    assert tab.evaluate(SWITCH, [CLASSES.title, CLASSES.heading, READY[CLASSES]]) > 0
    tab.close()
