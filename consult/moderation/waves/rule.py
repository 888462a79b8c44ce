"""How many comments an hour are far above what is normal for a document. Pure.

The rate is that of a sliding window of an hour, from two counters: those of this clock hour, and the share of the hour
before it that is less than an hour ago.

Normal is taken from comparable hours: the same hour of the day, with the one before and after it, on the 14 days before
that the consultation was open. What lies beyond normal is told by the modified z-score of Iglewicz and Hoaglin, "How to
Detect and Handle Outliers" (1993), as the NIST/SEMATECH e-Handbook of Statistical Methods gives it at 1.3.5.17: the
distance from the median, times 0.6745, over the median of the absolute distances from it; more than 3.5 is an outlier.
Median and not mean, because the wave of last Tuesday must not hide that of today. In quiet hours that spread is nought;
as counts that come by chance scatter by the root of their mean, it is taken to be that at least, and never below one.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import median

LEAST = 12  # comments within an hour: fewer are never a wave, however quiet it was before
SCORE, TO_DEVIATION = 3.5, 0.6745
DAYS = 14
AROUND = (-1, 0, 1)
HOUR = 3600
DAY = 24  # hours: in the first of them there is no normal, and a launch is no wave that anybody should hold
OVER = 0.5  # of what makes it one: below that a wave is over, so that it does not end and begin with each comment


def hour_of(seconds: float) -> int:
    """Return the number of the clock hour that a moment falls into; `seconds` are since 1970, in UTC."""
    return int(seconds // HOUR)


def rate(this_hour: int, last_hour: int, seconds: float) -> float:
    """Return how many came within the last hour, at a moment: `this_hour` of its clock hour, `last_hour` before that."""
    gone = (seconds % HOUR) / HOUR
    return this_hour + last_hour * (1 - gone)


def comparable(hour: int, opened: int) -> list[int]:
    """Return the numbers of the hours with which one is compared: none from before `opened`, the hour it opened in."""
    hours = (hour - day * DAY + near for day in range(1, DAYS + 1) for near in AROUND)
    return sorted(each for each in hours if each >= opened)


def usual(counts: Sequence[int]) -> float:
    """Return how many an hour are normal, by the counts of comparable hours; nought where there are none."""
    return float(median(counts)) if counts else 0.0


def limit(counts: Sequence[int]) -> float:
    """Return the rate above which there is a wave."""
    if not counts:
        return float(LEAST)
    middle = median(counts)
    spread = median(abs(count - middle) for count in counts) / TO_DEVIATION
    return max(float(LEAST), middle + SCORE * max(spread, sqrt(middle), 1.0))


def is_over(now: float, limit_then: float) -> bool:
    """Say whether a wave is over: its rate now, and the limit that it rose above."""
    return now < limit_then * OVER


def is_launch(hour: int, opened: int) -> bool:
    """Say whether a consultation has only just opened."""
    return hour - opened < DAY
