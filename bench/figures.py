"""What is measured and how long: the words that all measurements share."""

from dataclasses import dataclass, field
from typing import Final

__all__ = ["MB", "Figures", "Plan"]

MB: Final = 1e6


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often is measured.

    Attributes:
        rounds: How often each server has its turn.
        seconds: The length of a turn.
        warm_up: Seconds of the same requests before the first turn.
        attack: Seconds under attack; half of that before, at rest.
    """

    rounds: int
    seconds: float
    warm_up: float
    attack: float


@dataclass(frozen=True, slots=True)
class Figures:
    """A line of the report: a figure of each server, and whether more is better; None where neither is."""

    name: str
    unit: str
    is_more_better: bool | None
    values: dict[str, float] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
