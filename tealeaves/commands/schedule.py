"""`tealeaves schedule`: crawls what is due and makes the digest when its hour has come, until it is stopped."""


def schedule() -> None:
    """Run the scheduler: it starts the same commands that cron would."""
    from store.config import load_config
    from tealeaves.scheduler import run_scheduler

    run_scheduler(load_config())
