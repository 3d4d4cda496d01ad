"""What a run ran on: versions and machine, kept with the run and with each checkpoint."""

import json
import platform
import sys
from importlib import metadata
from pathlib import Path

import torch

from lzn_dsl.version import __version__

_PACKAGES = ("torch", "torchvision", "numpy", "safetensors", "pydantic", "scikit-learn")


def versions() -> dict[str, str]:
    """Return the versions that a result may depend on."""
    found = {"lzn_dsl": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def host(device: torch.device) -> dict[str, str]:
    """Return the machine that a result may depend on."""
    facts = {
        "system": platform.platform(),
        "machine": platform.machine(),
        "device": str(device),
        "threads": str(torch.get_num_threads()),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }
    if device.type == "cuda":
        facts["gpu"] = torch.cuda.get_device_name(device)
    return facts


def environment(device: torch.device, data_folder: Path = Path()) -> str:
    """Return the text of `environment.json`; relative paths of data start from `data_folder`."""
    facts = {
        "versions": versions(),
        "host": host(device),
        "command": sys.argv,
        "data_folder": str(data_folder.absolute()),
    }
    return json.dumps(facts, indent=1)
