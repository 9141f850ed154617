"""scipy's answers to Welch's t-test, for src/runs/statistics/statistics.test.ts (Debian's python3-scipy)."""

import numpy
from scipy import special, stats

from fixture import noise, write


def case(first, second):
    a, b = numpy.asarray(first), numpy.asarray(second)
    share_a, share_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    degrees = (share_a + share_b) ** 2 / (share_a**2 / (len(a) - 1) + share_b**2 / (len(b) - 1))
    # From the second group to the first, as the lab counts.
    test = stats.ttest_ind(b, a, equal_var=False)
    difference = b.mean() - a.mean()
    pooled = len(a) + len(b) - 2
    sd = numpy.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / pooled)
    correction = numpy.exp(special.gammaln(pooled / 2) - special.gammaln((pooled - 1) / 2)) / numpy.sqrt(pooled / 2)
    return {
        'first': list(first),
        'second': list(second),
        'difference': difference,
        'interval': list(stats.t.interval(0.95, degrees, difference, numpy.sqrt(share_a + share_b))),
        't': test.statistic,
        'degrees': degrees,
        'p': test.pvalue,
        'hedgesG': difference / sd * correction,
    }


def drawn(salt, count, mean, spread):
    return (mean + spread * noise(salt, [count]).double()).tolist()


write('src/testing/fixtures/welch.json', [
    case([8.5, 8.7, 8.9], [8.6, 8.8, 8.95]),
    case([8.5, 8.7, 8.75], [13.0, 15.1, 12.2]),
    # One group without spread.
    case([8.5, 8.5, 8.5], [8.6, 8.8, 8.95]),
    # Means that are equal.
    case([1.0, 2.0, 3.0], [1.5, 2.0, 2.5, 2.0]),
    case(drawn(801, 5, 8.6, 0.4), drawn(802, 5, 12.5, 3.0)),
    case(drawn(803, 10, 7.0, 1.0), drawn(804, 4, 7.2, 0.2)),
    case(drawn(805, 60, 50.0, 10.0), drawn(806, 80, 51.0, 12.0)),
    # A p-value near the smallest float64.
    case(drawn(807, 40, 0.0, 0.1), drawn(808, 40, 100.0, 0.1)),
])
