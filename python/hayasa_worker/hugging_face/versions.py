"""What Transformers of a version has, where the workers serve several: read from its number, without trying."""

from dataclasses import dataclass

from hayasa_worker.failures import unsupported

_DTYPE_SINCE = (5, 0)
_ATTENTION_SINCE = (4, 36)
_DEPTH_SINCE = (4, 36)
_COMPILING_SINCE = (4, 57)
_STOPS_BY_SEQUENCE_SINCE = (4, 39)
_CONTINUOUS_SINCE = (5, 0)


@dataclass(frozen=True)
class Library:
    """Transformers, major and minor version."""

    number: tuple[int, int]

    @staticmethod
    def of(version: str) -> "Library":
        """`4.33.3` -> 4.33."""
        major, minor = version.split(".")[:2]
        return Library((int(major), int(minor)))

    @property
    def dtype_option(self) -> str:
        """What `from_pretrained` calls the dtype to load in; earlier versions ignore the later word."""
        return "dtype" if self.number >= _DTYPE_SINCE else "torch_dtype"

    @property
    def chooses_attention(self) -> bool:
        """Whether `from_pretrained` knows `attn_implementation`; earlier versions have eager attention alone."""
        return self.number >= _ATTENTION_SINCE

    @property
    def reads_new_rotary_names(self) -> bool:
        """Whether config.json may say `rope_parameters` (see `older_config`)."""
        return self.number >= _DTYPE_SINCE

    @property
    def stops_by_sequence(self) -> bool:
        """Whether a stopping criterion answers for each sequence; earlier ones answer for all of them at once."""
        return self.number >= _STOPS_BY_SEQUENCE_SINCE

    def check(self, attention: str, *, compiles: bool, offload: str = "none") -> None:
        """Raises FailureError `unsupported` for what this version does not have."""
        if attention != "eager" and not self.chooses_attention:
            raise unsupported(f"attention {attention}: Transformers {self} has eager attention alone", "ask for eager")
        if offload != "none" and not self.chooses_attention:
            raise unsupported(
                f"offload {offload} is not wired up for Transformers {self}: its rotary tables would be unset"
            )
        if compiles and self.number < _COMPILING_SINCE:
            raise unsupported(f"compile: generate of Transformers {self} compiles nothing")

    def check_depth(self) -> None:
        """Raises FailureError `unsupported` where a prompt after a filled cache would be cut to its last token."""
        if self.number < _DEPTH_SINCE:
            raise unsupported(f"generate of Transformers {self} cannot go on from a cache with more than one token")

    def check_continuous(self) -> None:
        """Raises FailureError `unsupported` where there is no continuous batching as it is used here."""
        if self.number < _CONTINUOUS_SINCE:
            raise unsupported(f"Transformers {self} has no continuous batching")

    def __str__(self) -> str:
        """`4.33`."""
        return f"{self.number[0]}.{self.number[1]}"
