"""What a page says, in a test without a browser."""

TABS = ("Picture", "Compare", "Word by word", "Steer", "From a picture", "List", "Gallery")  # of Generate
SECTIONS = ("Classes", "Groups", "Two mappings", "Confusions", "Reasons", "Encoder and seeds")  # of Mapping error


def said(elements):
    """Text of these elements, without the escapes of Markdown."""
    return " ".join(element.value for element in elements).replace("\\", "")


def html_of(app, name):
    """HTML of the page's elements that have this class."""
    return [html.value for html in app.get("html") if f'class="{name}"' in html.value]


def cards(app):
    """HTML of every card of the page's first comparison."""
    return html_of(app, "cards")[0].split('class="card"')[1:]
