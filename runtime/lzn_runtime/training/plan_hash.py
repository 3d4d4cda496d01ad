"""Whether two plans train the same: what a run that goes on may change, and what not.

What may differ: the title and where values came from, tasks, evaluations, estimates of cost, the
number of steps, the size of the support, worker processes, micro-batches (whose gradient is the
same up to rounding), and how often a run logs, samples and saves. (With more steps a schedule such
as `cosine` is stretched from the next step on.)
"""

import hashlib
import json

from pydantic import JsonValue

from lzn_dsl.planning.plan import Plan

_TRAIN_MAY_DIFFER = frozenset(
    {
        "steps",
        "support",
        "workers",
        "micro_batches",
        "log_every",
        "sample_every",
        "checkpoint_every",
        "keep",
    }
)
_MISSING = object()


def plan_hash(plan: Plan) -> str:
    """Return a hash that is equal for plans of which one may go on with the other's training."""
    text = json.dumps(_decisive(plan), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plan_differences(old: Plan, new: Plan) -> list[str]:
    """Return the decisive fields that differ, as `train.batch: 128, now 256`."""
    before, now = _flat(_decisive(old)), _flat(_decisive(new))
    found = []
    for path in [*before, *(p for p in now if p not in before)]:
        one, other = before.get(path, _MISSING), now.get(path, _MISSING)
        if one != other:
            found.append(f"{path}: {_show(one)}, now {_show(other)}")
    return found


def _decisive(plan: Plan) -> dict[str, JsonValue]:
    """Return the part of a plan that decides the training, lists of named things as tables."""
    data = plan.model_dump(mode="json")
    train = {name: v for name, v in data["train"].items() if name not in _TRAIN_MAY_DIFFER}
    learned = [{k: v for k, v in o.items() if k != "reasons"} for o in data["objectives"]]
    modalities = [{k: v for k, v in m.items() if k != "parameters"} for m in data["modalities"]]
    datasets = [d for d in data["datasets"] if d["name"] == plan.train.on]
    return {
        "dim": data["dim"],
        "data": {d["name"]: d for d in datasets},
        "modality": {m["name"]: m for m in modalities},
        "learn": {o["id"]: o for o in learned},
        "step": {op["id"]: op for op in data["step"]},
        "train": train,
    }


def _flat(value: JsonValue, path: str = "") -> dict[str, JsonValue]:
    if isinstance(value, dict) and value:
        flat: dict[str, JsonValue] = {}
        for name, part in value.items():
            flat |= _flat(part, f"{path}.{name}" if path else name)
        return flat
    return {path: value}


def _show(value: object) -> str:
    return "absent" if value is _MISSING else json.dumps(value)
