"""The server's process: what its log says of visitors who leave, and that none can empty what all share."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import streamlit as st
from starlette.websockets import WebSocket
from streamlit.runtime.app_session import AppSession

from dashboard import server


def test_a_visitor_who_leaves_while_a_page_is_sent_is_no_fault_in_the_log(monkeypatch):
    logger, kept = logging.getLogger("uvicorn.error"), logging.Handler()
    records = []
    kept.emit = records.append
    monkeypatch.setattr(logger, "filters", [])
    monkeypatch.setattr(logger, "handlers", [kept])  # Streamlit may have told it to pass nothing on
    server.silence_disconnects()

    async def gone(message=None):
        raise OSError

    async def connect():
        return {"type": "websocket.connect"}

    async def leave():
        socket = WebSocket({"type": "websocket"}, connect, lambda message: asyncio.sleep(0))
        await socket.accept()
        socket._send = gone
        for _ in range(2):  # as Streamlit sends to it, and then closes it
            try:
                await socket.close()
            except Exception:
                logger.exception("Exception in ASGI application")

    with ThreadPoolExecutor(1) as thread:  # in the main one a browser's event loop may be running
        thread.submit(asyncio.run, leave()).result()
    assert [type(record.exc_info[1]).__name__ for record in records] == ["WebSocketDisconnect"]


def test_clearing_the_cache_forgets_what_is_the_visitors_own_alone(monkeypatch):
    monkeypatch.setattr(AppSession, "_handle_clear_cache_request", AppSession._handle_clear_cache_request)
    server.keep_caches()
    counted = []

    @st.cache_data
    def answer():
        counted.append(1)
        return 42

    answer()
    visitor = SimpleNamespace(session_state={"gallery": ["a picture"]})
    AppSession._handle_clear_cache_request(visitor)
    answer()
    assert counted == [1] and not visitor.session_state
