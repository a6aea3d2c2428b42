"""What a page says, in a test without a browser."""


def said(elements):
    """Text of these elements, without the escapes of Markdown."""
    return " ".join(element.value for element in elements).replace("\\", "")
