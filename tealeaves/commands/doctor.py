"""`tealeaves doctor`: says in words what works here, what does not, and what to do about it."""


def doctor() -> None:
    """Check the configuration, the lists, the database, the disk, the mail server and the clock; exit 1 when one fails."""
    from rich.console import Console
    from rich.table import Table

    from store.config import load_config
    from tealeaves.checkup import check_all
    from tealeaves.findings import Verdict

    colours = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red"}
    table = Table(show_header=False, box=None, pad_edge=False)
    findings = check_all(load_config())
    for finding in findings:
        table.add_row(f"[{colours[finding.verdict]}]{finding.verdict.value}[/]", finding.what, finding.words)
    Console().print(table)
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        raise SystemExit(1)
