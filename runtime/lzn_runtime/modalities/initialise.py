"""Weights at the start: a pure function of the seed and the names of the modules that hold them.

So they depend neither on the order in which modules are built nor on which others there are.
"""

import torch
from torch import nn

from lzn_runtime import randomness


def initialise(module: nn.Module, seed: int, *, prefix: str = "") -> None:
    """Draw the parameters of `module` anew, those of each submodule by its own random numbers.

    The numbers depend on `seed` and on the submodule's qualified name, which starts with `prefix`;
    torch's global random state is left as it was. A submodule that has parameters of its own draws
    them in `reset_parameters()`, as torch's own layers do.

    Raises:
        ValueError: A submodule has parameters but no `reset_parameters`, or lies on a device other
            than the CPU (move it after this, so that all devices start alike).
    """
    for name, part in module.named_modules(prefix=prefix):
        parameters = list(part.parameters(recurse=False))
        if not parameters:
            continue
        reset = getattr(part, "reset_parameters", None)
        if reset is None:
            raise ValueError(
                f"a module with parameters must have reset_parameters(), but `{name}` "
                f"({type(part).__name__}) has none"
            )
        if any(p.device.type != "cpu" for p in parameters):
            raise ValueError(f"weights are drawn on the CPU, but `{name}` is on another device")
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(randomness.key(seed, f"init:{name}") % 2**63)
            reset()
