"""scipy's answers to the tests of paired numbers, McNemar's and Student's, for src/runs (Debian's python3-scipy)."""

import numpy
from scipy import special, stats

from fixture import noise, write


def mcnemar(n, only_first, only_second):
    first, second = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
    margin = stats.norm.ppf(0.975) * numpy.sqrt((first + second - (first - second) ** 2) / (n + 2))
    return {
        'n': n,
        'onlyFirst': only_first,
        'onlySecond': only_second,
        'difference': (only_first - only_second) / n,
        # Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012).
        'interval': [max(-1, first - second - margin), min(1, first - second + margin)],
        'p': stats.binomtest(min(only_first, only_second), only_first + only_second, 0.5).pvalue,
    }


def paired(first, second):
    differences = numpy.asarray(second) - numpy.asarray(first)
    n, sd = len(differences), differences.std(ddof=1)
    test = stats.ttest_rel(second, first)
    correction = numpy.exp(special.gammaln((n - 1) / 2) - special.gammaln((n - 2) / 2)) / numpy.sqrt((n - 1) / 2)
    return {
        'pairs': [list(pair) for pair in zip(first, second)],
        'difference': differences.mean(),
        'interval': list(stats.t.interval(0.95, n - 1, differences.mean(), sd / numpy.sqrt(n))),
        't': test.statistic,
        'p': test.pvalue,
        'hedgesG': differences.mean() / sd * correction,
    }


def drawn(salt, count, mean, spread):
    return (mean + spread * noise(salt, [count]).double()).tolist()


write('src/testing/fixtures/mcnemar.json', [
    mcnemar(40, 6, 0),
    mcnemar(40, 3, 3),
    mcnemar(200, 1, 9),
    mcnemar(10_000, 312, 187),
    mcnemar(10_000, 250, 251),
    mcnemar(10_000, 480, 1310),
    mcnemar(10_000, 5000, 4900),
    mcnemar(10_000, 10_000, 0),
])
write('src/testing/fixtures/paired.json', [
    paired([8.5, 8.7, 8.9], [8.6, 8.8, 8.95]),
    paired([8.5, 8.7, 8.75], [13.0, 15.1, 12.2]),
    paired([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]),
    paired(drawn(811, 5, 8.6, 0.4), drawn(812, 5, 8.4, 0.4)),
    paired(drawn(813, 40, 0.0, 0.1), drawn(814, 40, 100.0, 0.1)),
])
