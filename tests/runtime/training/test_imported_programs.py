"""A run folder of a program that imports stands by itself."""

from pathlib import Path

import pytest

import lzn_dsl
from helpers.projects import write
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_runtime.training.plan_hash import plan_hash

TOP = 'import "shared/base.lzn" { steps: 2 }\ntrain { checkpoint_every: 1 }\n'
BASE = """\
param steps: integer = 6 in 1..100
space gaussian(dim: 4)
data seen = digits(split: train)
modality image = image(
    encoder: conv(widths: [4]),
    decoder: flow(unet(width: 8, mults: [1], embedding: 8), sampler: euler(steps: 1)),
)
task draw = generate image from label
train {
    on: seen, steps: steps, batch: 16, support: 20, solver_steps: 2, optimizer: adam(lr: 3e-3)
}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a program whose imported file is not there any more."""
    folder = tmp_path_factory.mktemp("imports")
    path = write(folder, {"top.lzn": TOP, "shared/base.lzn": BASE})
    lzn_dsl.load(path).run(folder / "run")
    (folder / "shared" / "base.lzn").unlink()
    return folder / "run"


def test_the_imported_file_is_kept(run: Path) -> None:
    assert (run / "imports" / "base.lzn").read_text(encoding="utf-8") == BASE
    assert 'import "imports/base.lzn" { steps: 2 }' in (run / "spec.lzn").read_text("utf-8")
    assert "imports/base.lzn" in (run / "report.html").read_text("utf-8")


def test_the_model_opens_without_the_imported_file(run: Path) -> None:
    model = lzn_dsl.open_run(run)
    assert model.step == 2
    assert model.run("base.draw", {"label": [3] * 2}).value.shape == (2, 1, 8, 8)
    assert model.base.draw(label=[3] * 2).value.shape == (2, 1, 8, 8)
    assert "base" in dir(model)
    assert "draw" in dir(model.base)
    with pytest.raises(AttributeError, match=r"did you mean `base\.draw`"):
        _ = model.base.drw


def test_what_it_kept_is_the_program_that_was_trained(run: Path) -> None:
    kept = lzn_dsl.load(run / "spec.lzn").plan()
    assert plan_hash(kept) == plan_hash(lzn_dsl.open_run(run).plan)
    assert kept.parameters == {"base.steps": 2}


def test_a_changed_comment_is_the_same_program_and_a_changed_setting_another(run: Path) -> None:
    changed = {"top.lzn": TOP, "shared/base.lzn": f"# Another comment.\n{BASE}"}
    path = write(run.parent / "again", changed)
    assert lzn_dsl.load(path, params={"base.steps": 3}).run(run).step == 3
    write(run.parent / "again", {"shared/base.lzn": BASE.replace("lr: 3e-3", "lr: 4e-3")})
    with pytest.raises(StorageError, match="LZN703"):
        lzn_dsl.load(path, params={"base.steps": 4}).run(run)
