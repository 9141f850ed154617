"""Whether our whitening is LAPACK's: compares what whitening.ts has written with numpy's eigh (docs/whitening.md).

    npx tsx scripts/evidence/whitening.ts FOLDER OUT
    python3 scripts/evidence/whitening.py OUT
"""

import pathlib
import sys
import time

import numpy as np

IMAGES = 50_000


def compare(name, ours, matrix, epsilon, eigen=None):
    """Our float32 matrix beside LAPACK's float64 one; both applied to what they whiten."""
    values, vectors = np.linalg.eigh(matrix) if eigen is None else eigen
    values = np.maximum(values, 0)
    theirs = (vectors / np.sqrt(values + epsilon)) @ vectors.T
    print(f"{name}: eigenvalues {values[0]:.3g} to {values[-1]:.4g}, ε {epsilon:g}")
    print(f"  Z: largest difference {np.abs(ours - theirs).max():.2e}, of values up to {np.abs(theirs).max():.4g}")
    # In the eigenvectors' basis Z·C·Z is diag(λ / (λ + ε)).
    wanted = np.diag(values / (values + epsilon))
    kept = values > 100 * epsilon
    for whose, z in (("ours", ours), ("LAPACK's", theirs), ("LAPACK's in float32", np.float64(np.float32(theirs)))):
        half = z @ (vectors * np.sqrt(values))
        product = vectors.T @ (half @ half.T) @ vectors
        error = np.abs(product - wanted).max()
        identity = np.abs(product - np.eye(len(values)))[np.ix_(kept, kept)].max() if kept.any() else 0
        print(f"  {whose}: Z·C·Z − λ/(λ + ε) {error:.2e}; Z·C·Z − 1 where λ > 100 ε ({kept.sum()}) {identity:.2e}")


def main():
    out = pathlib.Path(sys.argv[1])
    mean = np.fromfile(out / "mean.f64")
    size = len(mean)
    covariance = np.fromfile(out / "covariance.f64").reshape(size, size)
    values = np.fromfile(out / "values.f64")
    vectors = np.fromfile(out / "vectors.f64").reshape(size, size)
    begun = time.time()
    eigen = np.linalg.eigh(covariance)
    theirs = eigen[0]
    print(f"numpy {np.__version__}, eigh {time.time() - begun:.1f} s")
    print(f"eigenvalues, largest difference: {np.abs(np.sort(values) - theirs).max():.2e}, of {theirs[-1]:.4g}")
    relative = np.abs(np.sort(values) / theirs - 1).max()
    print(f"eigenvalues, largest relative difference: {relative:.2e}; the least is {theirs[0]:.3g}")
    print(f"‖Uᵀ·U − 1‖, largest value: {np.abs(vectors.T @ vectors - np.eye(size)).max():.2e}")
    residual = covariance @ vectors - vectors * values
    print(f"‖C·U − U·λ‖, largest value: {np.abs(residual).max():.2e}")
    load = lambda kind: np.fromfile(out / f"{kind}.f32", np.float32).reshape(size, size).astype(float)
    compare("covariance", load("covariance"), covariance, 0.01, eigen)
    compare("author", load("author"), IMAGES * (covariance + np.outer(mean, mean)), 1e-5)


main()
