"""When a source is visited again, and what a dated list address is today: pure rules of time, in China time."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
SHORTEST = timedelta(minutes=15)

_DURATION = re.compile(r"([1-9]\d{0,3})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_TEMPLATES = {
    "YYYYMMDD": "%Y%m%d",
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYYMM": "%Y%m",
    "YYYY-MM": "%Y-%m",
    "MMDD": "%m%d",
    "YYYY": "%Y",
    "MM": "%m",
    "DD": "%d",
}


def duration(text: str) -> timedelta:
    """Return the length of time that a text like 30m, 6h or 21d says; raise ValueError in words."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"'{text}' is not a length of time such as 30m, 6h or 21d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def check_every(text: str) -> str:
    """Return the text when it is an interval (6h) or a cron line of five fields; raise ValueError in words."""
    if len(text.split()) == 1:
        duration(text)
    else:
        _next_fire(text, datetime(2026, 1, 1, tzinfo=CHINA))
    return text


def next_visit(every: str, last: datetime | None, now: datetime) -> datetime:
    """Return the aware instant of the next visit: `last` plus the interval, or the next moment of the cron line.

    Never visited is due now. A `last` in the future (a clock that was wrong) counts as now. Cron lines are China time.
    """
    if last is None:
        return now
    start = min(last, now)
    return start + duration(every) if len(every.split()) == 1 else _next_fire(every, start)


def _next_fire(line: str, after: datetime) -> datetime:
    from apscheduler.triggers.cron import CronTrigger

    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"'{line}' is neither a length of time such as 6h nor a cron line of five fields")
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise ValueError(f"'{line}' names days of the month and days of the week; give one of them")
    try:
        trigger = CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=CHINA
        )
    except ValueError as error:
        raise ValueError(f"'{line}' is not a cron line: {error}") from error
    # A trigger fires at or after the moment given; the visit that just happened must not fire again.
    fire = trigger.get_next_fire_time(None, after.astimezone(CHINA) + timedelta(seconds=1))
    if fire is None:
        raise ValueError(f"'{line}' never comes round")
    return datetime.fromtimestamp(fire.timestamp(), tz=after.tzinfo)


def _weekdays(field: str) -> str:
    # cron counts Sunday as 0 and 7, APScheduler counts Monday as 0: numbers become names, ranges become lists.
    if "/" in field:
        raise ValueError(f"'{field}': steps of weekdays are not understood; list the days")
    return re.sub(r"\d+(?:-\d+)?", lambda found: _named_days(found[0]), field)


def _named_days(days: str) -> str:
    first, _, last = days.partition("-")
    low, high = int(first), int(last or first)
    if not low <= high <= 7:
        raise ValueError(f"'{days}' is not a day of the week; days are 0 to 7, Sunday is 0 and 7")
    return ",".join(dict.fromkeys(_WEEKDAYS[day % 7] for day in range(low, high + 1)))


def fill_dates(url: str, day: date) -> str:
    """Return an address with its date templates ({YYYYMM}, {DD} …) filled for a day; an aware instant counts as its day in China."""
    local = day.astimezone(CHINA) if isinstance(day, datetime) else day
    return _TEMPLATE.sub(lambda found: local.strftime(_TEMPLATES[found[1]]), url)


def unknown_templates(url: str) -> list[str]:
    """Return what stands in braces in an address and is no date template."""
    return [name for name in _TEMPLATE.findall(url) if name not in _TEMPLATES]
