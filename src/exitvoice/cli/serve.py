"""`exitvoice serve`: the same in a web page, for this machine alone unless told otherwise."""

from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli.console import escaped, examples, messages, output

NAME = "serve"
EXAMPLES = examples(
    "exitvoice serve",
    "exitvoice serve --board runs/china-2024-claims --port 9000",
    "exitvoice serve --set-password page.password",
    "exitvoice serve --public https://lab.example.org --password-file page.password",
)


def command(
    port: Annotated[int, typer.Option(min=1024, max=65535, metavar="N", help="Where it listens.")] = 8765,
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Where jobs and results are kept.")
    ] = Path("runs/page"),
    board: Annotated[
        Path | None,
        typer.Option(
            "--board", metavar="DIR", help="A claims board to show; runs/china-2024-claims if it is there."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Jobs at a time.")] = 1,
    public: Annotated[
        str | None,
        typer.Option("--public", metavar="ADDRESS", help="Let others in, at this address; needs a password."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="The hash of the password.")
    ] = None,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="ADDRESS",
            help="Of this machine, for a TLS proxy elsewhere; loopback if not given.",
        ),
    ] = None,
    set_password: Annotated[
        Path | None,
        typer.Option("--set-password", metavar="FILE", help="Ask for a password, write its hash, and stop."),
    ] = None,
) -> None:
    """Open the laboratory in a browser: worlds, runs, twins, claims, evidence, jobs.

    Prints the address to open. It carries a key, and only this machine can reach it. Ctrl-C stops; jobs that were under
    way go on at the next start.
    """
    from exitvoice.web.security.password import read_password_file, write_password_file
    from exitvoice.web.serve import serve
    from exitvoice.web.settings import Bounds, Settings

    if set_password is not None:
        write_password_file(set_password, typer.prompt("Password", hide_input=True, confirmation_prompt=True))
        output().print(f"Written: {escaped(set_password)}", soft_wrap=True)
        return
    usual = Path("runs/china-2024-claims")
    settings = Settings(
        folder=folder,
        port=port,
        board=board or (usual if (usual / "claims.json").is_file() else None),
        public=public,
        password=None if password_file is None else read_password_file(password_file),
        bounds=Bounds(workers=workers),
        listen=listen,
    )
    console = output()
    console.print(f"Open: {escaped(settings.address)}", soft_wrap=True)
    console.print("Ctrl-C stops the page; jobs under way are taken up at the next start.", style="dim")
    if public is not None and not settings.is_secure:
        messages().print(
            "Without https the password travels in the clear; put a TLS proxy before it.", style="yellow"
        )
    serve(settings)
