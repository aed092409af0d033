"""`tealeaves up`: scheduler and desk in one process group; ends cleanly on SIGTERM."""


def up() -> None:
    """Run the scheduler and the desk together; stop both when one ends or the command is stopped."""
    from tealeaves.processes import run_together

    raise SystemExit(run_together([["schedule"], ["desk"]]))
