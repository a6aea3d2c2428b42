"""Uploaded files, which stay in use while their uploader is away."""

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from dashboard.state.uploads import upload_box, uploaded

    state = st.session_state
    state.setdefault("changes", 0)

    def changed():
        state.changes += 1

    st.text(f"before: {getattr(uploaded('mine'), 'name', None)}")
    if st.toggle("Here", True):
        file = upload_box("Mine", ["txt"], key="mine", on_change=changed)
        st.text(f"file: {file and file.getvalue().decode()}")


@pytest.fixture
def app():
    return AppTest.from_function(page, default_timeout=30).run()


def texts(app):
    assert not app.exception
    return [text.value for text in app.text]


def test_a_file_stays_in_use_until_it_is_removed(app):
    assert texts(app) == ["before: None", "file: None"] and not app.button
    app.file_uploader(key="mine").upload("*my* <list>.txt", b"a lemon", "text/plain").run()
    assert texts(app) == ["before: *my* <list>.txt", "file: a lemon"] and not app.button
    app.toggle[0].set_value(False).run()
    assert texts(app) == ["before: *my* <list>.txt"]
    app.toggle[0].set_value(True).run()
    assert texts(app)[-1] == "file: a lemon"
    assert app.caption[0].value == r":material/draft: \*my\* \<list\>\.txt is still in use."
    assert app.session_state.changes == 1
    app.button(key="remove mine").click().run()
    assert texts(app) == ["before: None", "file: None"] and not app.button and app.session_state.changes == 2


def test_another_file_replaces_the_one_that_was_kept(app):
    app.file_uploader(key="mine").upload("one.txt", b"a lemon", "text/plain").run()
    app.toggle[0].set_value(False).run()
    app.toggle[0].set_value(True).run()
    app.file_uploader(key="mine").upload("two.txt", b"a boat", "text/plain").run()
    assert texts(app) == ["before: two.txt", "file: a boat"] and not app.button and app.session_state.changes == 2
