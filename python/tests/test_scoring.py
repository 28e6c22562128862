"""Divergence and likelihood against values worked out by hand."""

import math

import pytest

np = pytest.importorskip("numpy")

from hayasa_worker.scoring import kl_divergence, log_likelihood  # noqa: E402 - what it needs may be missing


def test_equal_distributions_differ_by_nothing_whatever_is_added() -> None:
    rows = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 5.0]], np.float32)
    assert kl_divergence(rows, rows + 10).tolist() == pytest.approx([0, 0], abs=1e-12)


def test_it_is_p_ln_p_by_q_summed() -> None:
    # p = (3/4, 1/4), q = (1/2, 1/2): 3/4 ln 3/2 + 1/4 ln 1/2
    reference = np.array([[math.log(3), 0]], np.float32)
    assert kl_divergence(reference, np.zeros((1, 2), np.float32))[0] == pytest.approx(0.130812, abs=1e-6)


def test_logits_that_would_overflow_do_not() -> None:
    rows = np.array([[1000.0, 0.0]], np.float32)
    assert kl_divergence(rows, rows[:, ::-1])[0] == pytest.approx(1000, abs=1e-3)


def test_a_log_likelihood_adds_ln_p_of_each_token() -> None:
    rows = np.array([[math.log(3), 0], [1000.0, 1000.0]], np.float32)
    assert log_likelihood(rows, [0, 1]) == pytest.approx(math.log(3 / 4) + math.log(1 / 2))
