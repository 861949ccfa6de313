"""Figures as a reader meets them: days as a range, money in three digits, dates in words."""

from __future__ import annotations

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNIT_WORDS = {
    "20ft": "container",
    "40ft": "container",
    "reefer": "container",
    "truckload": "truckload",
    "bulk": "bulk load",
}
MODE_WORDS = {"road": "truck", "rail": "train", "sea": "ship", "ferry": "ferry"}


def days(hours: float) -> str:
    """Hours as days, to two figures."""
    value = hours / 24
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def day_range(time_h: dict) -> str:
    low, high = days(time_h["p10"]), days(time_h["p90"])
    return low if low == high else f"{low}–{high}"


def hours_or_days(hours: float) -> str:
    if 0 < hours < 0.95:
        return f"{60 * hours:.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{days(hours)} d"


def hours_range(hours: dict) -> str:
    low, high = hours_or_days(hours["p10"]), hours_or_days(hours["p90"])
    return low if low == high else f"{low} – {high}"


def three_digits(value: float) -> str:
    """6,484 -> 6,480. More digits than the spread allows would only pretend."""
    if abs(value) < 1000:
        return f"{value:,.0f}"
    step = 10 ** (len(str(int(abs(value)))) - 3)
    return f"{round(value / step) * step:,.0f}"


def usd_range(cost: dict) -> str:
    return f"{three_digits(cost['p10'])}–{three_digits(cost['p90'])}"


def tonnes_co2e(kilograms: float) -> str:
    return f"{kilograms / 1000:.1f} t"


def day_in_words(iso: str | None) -> str:
    """2025-10-12 -> 12 Oct 2025."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


STATES = {"shut": "Shut", "partial": "Partly open", "slow": "Slow"}
STATES |= {"delay": "Delayed", "price": "At another price", "restrict": "Restricted"}  # these are a scenario's


def closure(item: dict) -> str:
    """since 12 Oct 2025, last confirmed 2 Apr 2026"""
    verb = STATES[item["severity"]]
    since = f" since {day_in_words(item['since'])}" if item["since"] else ""
    seen = f", last confirmed {day_in_words(item['confirmed'])}" if item["confirmed"] else ""
    return f"{verb}{since}{seen}"


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


# --- shares and differences, for a reader who knows no statistics ----------------------------------------------


def of_hundred(share: float) -> str:
    """A share as a person counts: 85 of 100, 2 of 1,000."""
    if share <= 0:
        return "none"
    if share >= 0.9995:
        return "all"
    if share >= 0.995 or share < 0.0095:
        many = round(1000 * share)
        return f"{many} of 1,000" if many else "fewer than 1 of 1,000"
    return f"{round(100 * share)} of 100"


def months_text(share: float) -> str:
    """A share of months: 73 months of 100, 1 month of 1,000, every month."""
    if share <= 0 or share >= 0.9995:
        return "no month" if share <= 0 else "every month"
    many, _, rest = of_hundred(share).partition(" of ")
    return f"{many} month{'' if many.split()[-1] == '1' else 's'} of {rest}"


def days_text(days_: float) -> str:
    """Days without their sign, below one as hours: 16 days, 1.5 days, 1 day, 7 hours."""
    hours = round(abs(days_) * 24)
    text = f"{hours}" if hours < 24 else days(abs(days_) * 24).removesuffix(".0")
    return f"{text} {'hour' if hours < 24 else 'day'}{'' if text == '1' else 's'}"


def more_days(days_: float) -> str:
    """16 days more, 7 hours fewer; nothing where it rounds to nothing."""
    return "" if abs(days_) < 0.05 else f"{days_text(days_)} {'more' if days_ > 0 else 'fewer'}"


def usd(value: float) -> str:
    """Dollars in three digits: USD 3,650."""
    return f"USD {three_digits(value)}"
