"""The door of a public page: the password, for a cookie."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from exitvoice.web import rendering
from exitvoice.web.pages.common import TheSettings

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/enter")
def ask() -> HTMLResponse:
    """Ask for the password."""
    return _door()


@router.post("/enter", status_code=303, responses={403: {"description": "Not the password."}})
def enter(
    request: Request, settings: TheSettings, password: Annotated[str, Form(max_length=1024)] = ""
) -> Response:
    """Compare the password with the hash; hand out a cookie where it is the one."""
    if settings.password is None or not settings.password.matches(password):
        return _door(status=403)
    cookie: str = request.scope["state"]["new_cookie"]()
    return RedirectResponse("/", status_code=303, headers={"set-cookie": cookie})


def _door(*, status: int = 200) -> HTMLResponse:
    return rendering.render(
        "enter", title="Who is there?", status=status, is_wrong=status != 200,
        subtitle="Behind this door: when a state restricts who may leave, who is held, and on whose word? "
        "Whoever keeps this page gives out the password.",
    )  # fmt: skip
