"""Fixture: ordinary least squares of accuracy on log2(depth), identity and their product, as statsmodels fits it.

Writes src/testing/fixtures/depth-slopes.json (statsmodels 0.15, numpy 2).
"""

import json
from pathlib import Path

import numpy
import statsmodels.api

FIXTURES = Path(__file__).parents[2] / "src/testing/fixtures"
DEPTHS = [8, 20, 32, 56]


def fitted(values):
    """`values`: (depth, identity, accuracy) of each run."""
    depth = numpy.log2([value[0] for value in values])
    identity = numpy.array([float(value[1]) for value in values])
    design = numpy.column_stack([numpy.ones_like(depth), identity, depth, depth * identity])
    model = statsmodels.api.OLS([value[2] for value in values], design).fit()
    contrasts = {"without": [0, 0, 1, 0], "with": [0, 0, 1, 1], "difference": [0, 0, 0, 1]}
    found = {}
    for name, contrast in contrasts.items():
        test = model.t_test(contrast)
        low, high = test.conf_int()[0]
        found[name] = {"slope": float(test.effect[0]), "interval": [low, high], "p": float(test.pvalue)}
    return {
        "values": [{"depth": d, "identity": i, "accuracy": a} for d, i, a in values],
        "degrees": int(model.df_resid),
        **found,
    }


generator = numpy.random.default_rng(7)
cases = []
for rise, fall, noise, seeds in [(0.8, -1.5, 0.3, 3), (0.1, -0.1, 0.5, 3), (0.5, 0.5, 0.4, 2), (2, -6, 0.1, 5)]:
    values = [
        (depth, identity, 80 + (rise if identity else fall) * float(numpy.log2(depth)) + float(generator.normal(0, noise)))
        for depth in DEPTHS
        for identity in (True, False)
        for _ in range(seeds)
    ]
    cases.append(fitted(values))
(FIXTURES / "depth-slopes.json").write_text(json.dumps(cases, indent=1) + "\n")
