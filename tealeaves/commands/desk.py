"""`tealeaves desk`: the web pages on which analysts judge, on this computer only."""

from typing import Annotated

import typer


def desk(
    host: Annotated[str | None, typer.Option(help="Address to listen on; this computer's own only.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65535)] = None,
) -> None:
    """Open the review desk in a browser: the queue, the quotes, the decisions."""
    import uvicorn

    from review.desk.app import create_desk
    from review.desk.binding import check_binding, check_port
    from store.config import load_config
    from store.opening import open_store

    config = load_config()
    where, at = host or config.desk_host, config.desk_port if port is None else port
    check_binding(where)
    check_port(where, at)
    app = create_desk(open_store(config.url), config.now, config.timezone, config.public_url, config.data_dir)
    address = f"http://{f'[{where}]' if ':' in where else where}:{at}/"
    typer.echo(f"The desk is at {address} (Ctrl+C stops it)", err=True)
    uvicorn.run(
        app,
        host=where,
        port=at,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
    )
