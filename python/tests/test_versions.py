"""What older versions of Transformers lack is refused with the reason, and never asked of them."""

import pytest

from hayasa_worker.failures import FailureError
from hayasa_worker.hugging_face.versions import Library


def test_versions_call_the_dtype_differently() -> None:
    words = [Library.of(version).dtype_option for version in ("4.33.3", "4.40.2", "5.18.0")]
    assert words == ["torch_dtype", "torch_dtype", "dtype"]


def test_the_versions_of_2023_have_eager_attention_alone() -> None:
    old = Library.of("4.33.3")
    assert (old.chooses_attention, Library.of("4.40.2").chooses_attention) == (False, True)
    old.check("eager", compiles=False)
    with pytest.raises(FailureError, match=r"attention sdpa: Transformers 4\.33 has eager attention alone"):
        old.check("sdpa", compiles=False)


def test_what_came_later_is_refused_of_the_versions_of_2023() -> None:
    old, new = Library.of("4.33.3"), Library.of("5.18.0")
    with pytest.raises(FailureError, match="compiles nothing"):
        old.check("eager", compiles=True)
    with pytest.raises(FailureError, match="go on from a cache"):
        old.check_depth()
    with pytest.raises(FailureError, match="no continuous batching"):
        old.check_continuous()
    with pytest.raises(FailureError, match="offload disk"):
        old.check("eager", compiles=False, offload="disk")
    new.check("sdpa", compiles=True)
    new.check("sdpa", compiles=False, offload="disk")
    new.check_depth()
    new.check_continuous()


def test_a_stopping_criterion_of_2023_answers_for_the_batch() -> None:
    assert [Library.of(version).stops_by_sequence for version in ("4.33.3", "4.40.2")] == [False, True]


def test_a_depth_is_continued_since_4_36() -> None:
    Library.of("4.40.2").check_depth()
