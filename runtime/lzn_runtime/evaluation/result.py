"""What a metric says of a task."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class MetricResult(BaseModel):
    """One number with its conditions.

    Attributes:
        name: The metric.
        task: The task that was judged.
        data: The dataset it was judged on.
        value: The number; finite.
        unit: What the number counts: `share` for one from 0 to 1, else in words.
        better: Whether higher or lower numbers are better.
        details: Conditions and further numbers, as JSON.
        step: Training steps behind the weights; None where that is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    task: str
    data: str
    value: float
    unit: str
    better: Literal["higher", "lower"]
    details: dict[str, JsonValue] = Field(default_factory=dict)
    step: int | None = None
