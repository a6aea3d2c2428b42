"""The page Interpolation in a real browser: films redraw, the player moves, files arrive and open."""

import base64
import io
import re

import av
import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.visits import boxes, wait_until

FILMS = ".film img"
FRAMES = ".films .frame"


def frames(page):
    return page.eval_on_selector_all(FILMS, "images => images.map(image => image.src)")


def wait_for_films(page, count, other_than=()):
    """Until that many pictures are loaded and the last of them, which is drawn last, is another one."""
    page.wait_for_function(
        """([selector, count, old]) => {
            const images = [...document.querySelectorAll(selector)];
            return images.length === count && images.every(i => i.complete && i.naturalWidth)
                && images.at(-1).src !== old.at(-1);
        }""",
        arg=[FILMS, count, list(other_than)],
    )


def shown(page):
    """What of its strip each frame of the player shows."""
    return page.locator(FRAMES).evaluate_all("frames => frames.map(frame => frame.style.backgroundPosition)")


def record_steps(page):
    """Keep every step that the player announces in the page's ``steps``, however short it is shown."""
    page.locator(".step-count").evaluate(
        """count => {
            window.steps = [];
            let last = count.textContent;
            const record = () => count.textContent === last || window.steps.push(last = count.textContent);
            new MutationObserver(record).observe(count, {childList: true});
        }"""
    )


def saved(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).first.click()
    return download.value.path().read_bytes()


def test_films_follow_the_sentences_and_the_player_moves(page):
    page.goto("/interpolation?steps=5&edge=2")
    wait_for_films(page, 15)
    before = frames(page)
    page.get_by_label("B", exact=True).fill("a lemon")
    wait_for_films(page, 15, before)
    page.get_by_label("Step", exact=True).wait_for()
    page.get_by_text("1 of 5", exact=True).wait_for()
    wait_until(lambda: len(set(shown(page))) == 1, "all show the same step")
    page.get_by_label("Step", exact=True).press("ArrowRight")
    page.get_by_text("2 of 5", exact=True).wait_for()
    expect(page.get_by_label("Step", exact=True)).to_have_attribute("aria-valuetext", "2 of 5")
    wait_until(lambda: shown(page) == ["25% 0px"] * 3, "all show the second")
    record_steps(page)
    step = page.get_by_label("Step", exact=True)
    wait_until(lambda: boxes(step)[0]["height"] >= 24, "it is large enough for a finger")
    step.press(" ")
    page.get_by_role("button", name="Pause").and_(page.locator(":not([aria-pressed])")).wait_for()
    page.wait_for_function("() => window.steps.length > 7")
    page.get_by_role("button", name="Pause").click()
    there_and_back = [f"{step} of 5" for step in (3, 4, 5, 4, 3, 2, 1, 2)]
    assert page.evaluate("() => window.steps.slice(0, 8)") == there_and_back
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.set_viewport_size({"width": 390, "height": 800})  # a title takes two lines
    drawn = page.locator(FRAMES)
    wait_until(
        lambda: len({(box["y"], box["width"], box["height"]) for box in boxes(drawn)}) == 1,
        "frames stand in a row and are of one size",
    )

    drawn = frames(page)
    page.wait_for_url("**prompt_2=a+lemon**")
    page.reload()  # the address alone brings the same pictures back
    wait_for_films(page, 15)
    assert frames(page) == drawn


def test_files_arrive_and_open(page):
    page.goto("/interpolation?steps=4&edge=2&prompt_1=a+lemon")
    wait_for_films(page, 12)
    first = np.asarray(Image.open(io.BytesIO(base64.b64decode(frames(page)[4].split(",")[1]))))  # of the second row
    with Image.open(io.BytesIO(saved(page, "GIF"))) as animation:
        assert animation.n_frames == 4
    with av.open(io.BytesIO(saved(page, "MP4"))) as film:
        decoded = [frame.to_image() for frame in film.decode(video=0)]
    assert len(decoded) == 4
    small = np.asarray(decoded[0].resize(first.shape[:2], Image.Resampling.BOX)).astype(int)
    assert np.abs(small - first).mean() < 8
    with Image.open(io.BytesIO(saved(page, "PNG"))) as strip:
        own = np.asarray(strip)[:, : first.shape[1]].astype(int)
        assert np.abs(own - first).mean() < 3  # but for what the JPEG on the page loses
    with np.load(io.BytesIO(saved(page, "NPZ"))) as archive:
        assert archive["points"].shape == (4, 128)
    settings = saved(page, "JSON")

    before = frames(page)
    page.goto("/interpolation?steps=2&edge=2")
    wait_for_films(page, 6)
    page.get_by_role("button", name="Open settings").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "interpolation.json", "mimeType": "application/json", "buffer": settings}
    )
    wait_for_films(page, 12)
    assert frames(page) == before
    page.wait_for_url("**prompt_1=a+lemon**")


def test_a_film_plays_in_the_browser(page):
    page.goto("/interpolation?steps=4&edge=2")
    wait_for_films(page, 12)
    film = saved(page, "MP4")
    seconds = page.evaluate(
        """async (bytes) => {
            const video = document.createElement("video");
            video.muted = true;
            video.src = URL.createObjectURL(new Blob([new Uint8Array(bytes)], {type: "video/mp4"}));
            await new Promise((done, failed) => { 
                video.onloadeddata = done;
                video.onerror = () => failed(video.error);
            });
            return [video.duration, video.videoWidth];
        }""",
        list(film),
    )
    assert abs(seconds[0] - 4 * 0.12) < 0.1 and seconds[1] == 256


def test_long_work_is_stopped_and_goes_on_when_asked_to(page):
    page.goto("/interpolation?steps=13&even=true&edge=2&prompts=5")
    page.locator("[class*=st-key-stop-path] button").click()
    draw = page.get_by_role("button", name=re.compile(r"Draw \d+ pictures"))
    draw.wait_for()
    draw.click()
    wait_for_films(page, 39)
