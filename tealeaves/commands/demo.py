"""`tealeaves demo`: the bundled sample of government sites, crawled twice, told in tables, opened in the desk."""

import signal
from types import FrameType
from typing import Annotated

import typer


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Print a summary and stop, without the desk.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the desk.", min=0, max=65535)] = None,
) -> None:
    """Serve the bundled sample on this machine, crawl it twice, show what was found, then open the desk."""
    from store.config import load_config
    from store.queries import shanghai_day
    from tealeaves.sample.report import open_console
    from tealeaves.sample.show import Show
    from tealeaves.sample.stage import choose_stage

    signal.signal(signal.SIGTERM, _stop)
    stage, console = choose_stage(), open_console()
    console.print(f"The sites and the people of the sample are invented (示例). Everything is kept in {stage.folder}.")
    with stage.open(shanghai_day(load_config().now())) as sample:
        show = Show(stage, sample, console)
        show.play()
        if no_serve:
            show.sum_up()
        else:
            show.open_desk(port)


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Being told to end is like Ctrl-C: what we started is ended first."""
    raise KeyboardInterrupt
