"""The chat page: a conversation, the cited document beside it, and the list of documents.

What its events call is in `events.py`; its own behaviour in the browser is in `chat.js`.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from qa.web.events import Events
from qa.web.markup import escaped

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.web.service import Service

_FILES = Path(__file__).parent
_WELCOME = "<div class='welcome'><p>Every sentence of an answer links to the words it rests on.</p></div>"
_READER = (
    '<section class="reader" aria-label="Source"><div class="bar"><h2 tabindex="-1">Source</h2>'
    '<a class="permalink" target="_blank" rel="noopener">Open in a new tab</a>'
    '<button type="button" class="close" aria-label="Close the source" title="Close (Escape)">'
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.9" stroke-linecap="round"><path d="M6 6l12 12M18 6L6 18"/></svg></button></div>'
    '<div class="page" tabindex="0" aria-label="The cited document"></div></section>'
)
_CONFIRM = (
    '<dialog class="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">'
    '<h2 id="confirm-title">Delete this document?</h2><p class="name"></p>'
    '<p id="confirm-text">It will not be cited again, and its words are blanked in kept answers.</p>'
    '<div class="choice"><button type="button" class="keep">Keep</button>'
    '<button type="button" class="confirmed">Delete</button></div></dialog>'
)


_GROUNDINGS = [(f"Grounding: {name}", name) for name in ("strict", "mark", "off")]
_ON_EDIT = "element.addEventListener('edited', (event) => trigger('submit', {query: event.detail}));"
_ON_LOAD = "element.addEventListener('confirmed', (event) => trigger('delete', {id: event.detail}));"


async def mount_chat(app: FastAPI, service: Service) -> None:
    """Put the chat at `/` of an app that already serves, behind all its other routes.

    The route named `starting` gives way. `app.state.chat` holds what the end of the app's lifespan
    has to `aclose()`.
    """
    events = Events(service, app.state.places, app.state.metrics, app.state.public_url)
    page = build_page(
        events
    )  # in this thread: in one without an event loop Gradio makes loops and leaks them
    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "name", "") != "starting"]
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=app.state.max_upload_bytes,
        theme=gr.themes.Base(
            primary_hue="teal",
            neutral_hue="stone",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        # Not by `css`: Gradio would put its own container before every selector, also before `body`.
        head=f"<style>{(_FILES / 'chat.css').read_text(encoding='utf-8')}</style>",
        js=(_FILES / "chat.js").read_text(encoding="utf-8"),
    )
    # Gradio would start with the lifespan of the app it is mounted on, and this app's has begun.
    gradio_app = app.router.routes[-1].app  # type: ignore[attr-defined]
    app.state.chat = AsyncExitStack()
    await app.state.chat.enter_async_context(gradio_app.router.lifespan_context(gradio_app))
    page.run_startup_events()  # type: ignore[no-untyped-call]
    await page.run_extra_startup_events()  # type: ignore[no-untyped-call]


def build_page(events: Events) -> gr.Blocks:
    """Lay the page out and tie its events to what they call."""
    models = list(events.service.answerer.models)
    choice = len(models) > 1
    with gr.Blocks(title="Ask your documents", analytics_enabled=False, delete_cache=(60, 600)) as page:
        with gr.Row(elem_id="masthead"):
            gr.HTML("<h1>Ask your documents</h1>", apply_default_css=False)
            new = gr.Button("New conversation", elem_id="new", size="sm", scale=0, min_width=0)
            gr.HTML(_mode_html(models[0]), visible=not choice, elem_id="mode", apply_default_css=False)
            model, grounding = (
                gr.Dropdown(
                    choices,
                    value=choices[0][1],
                    label=label,
                    show_label=False,
                    container=False,
                    visible=choice,
                    min_width=0,
                    elem_classes="choice",
                )
                for label, choices in (
                    ("Model", [(name, name) for name in models]),
                    ("Grounding", _GROUNDINGS),
                )
            )
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="conversation", min_width=0):
                transcript = gr.Chatbot(
                    elem_id="transcript",
                    label="Conversation",
                    show_label=False,
                    container=False,
                    height="100%",
                    autoscroll=False,
                    buttons=[],
                    latex_delimiters=[],
                    layout="panel",
                    feedback_options=None,
                    placeholder=_WELCOME,
                )
                examples = gr.HTML(elem_id="examples", apply_default_css=False)
                with gr.Row(elem_id="asking"):
                    box = gr.Textbox(
                        elem_id="question",
                        label="Your question",
                        show_label=False,
                        container=False,
                        max_lines=6,
                        placeholder="Ask a question",
                        scale=1,
                        min_width=0,
                    )
                    ask = gr.Button("Ask", elem_id="ask", variant="primary", scale=0, min_width=0)
                    stop = gr.Button("Stop", elem_id="stop", scale=0, min_width=0, visible="hidden")
                    retry = gr.Button("Ask again", elem_id="retry", visible="hidden")
                    more = gr.Button("Show more", elem_id="more", visible="hidden")
                    search = gr.HTML("<i></i>", elem_id="search", js_on_load=_ON_EDIT, visible="hidden")
            with gr.Column(elem_id="library", min_width=0):
                gr.HTML(_READER, elem_id="source", apply_default_css=False)
                with gr.Column(elem_id="shelf", min_width=0):
                    gr.HTML("<h2>Documents</h2>", apply_default_css=False)
                    documents = gr.HTML(elem_id="documents", js_on_load=_ON_LOAD, apply_default_css=False)
                    outcomes = gr.HTML(elem_id="outcomes", apply_default_css=False)
                    upload = gr.UploadButton(
                        "Add documents", file_count="multiple", elem_id="upload", size="md"
                    )
        gr.HTML(_CONFIRM, elem_id="confirm", apply_default_css=False)

        how: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        lists = [documents, examples]
        outputs = [box, transcript, ask, stop]
        asking = gr.on(
            [box.submit, ask.click],
            events.ask,
            [box, transcript, model, grounding],
            outputs,
            concurrency_limit=None,
            **how,
        )
        again = [
            happens(ask_again, [transcript, model, grounding], outputs, concurrency_limit=None, **how)
            for happens, ask_again in (
                (retry.click, events.retry),
                (search.submit, events.search),
                (more.click, events.more),
            )
        ]
        # One after the other: what came in between would be painted over what ends it.
        for button, end, shown in ((stop, events.stop, transcript), (new, events.begin, None)):
            button.click(None, cancels=[asking, *again], queue=False, **how).then(
                end, shown, [transcript, ask, stop], queue=False, **how
            )
        upload.upload(events.upload, upload, [outcomes, *lists], concurrency_limit=2, **how)
        documents.delete(events.delete, None, [outcomes, *lists], **how)
        page.load(events.refresh, None, lists, concurrency_limit=None, **how)
    page.queue(max_size=256)  # of all events; questions wait in `Places`
    return cast("gr.Blocks", page)


def _mode_html(model: str) -> str:
    return f"<p>Model: {escaped(model)} · Grounding: strict</p>"
