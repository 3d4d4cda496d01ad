"""Programs from strangers: whatever they hold, checking them is quick and does nothing else.

The cases are G1 to G18 of the project's list of abuses; those about imports are in
tests/semantics, those about the formatter in tests/syntax.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from helpers import audited_check
from helpers.program_texts import mutants, soups, texts
from helpers.programs import errors
from lzn_dsl.diagnostics.diagnostic import LznError, SpecError
from lzn_dsl.formatting.format import format_source
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.selection import Selection
from lzn_dsl.spec import load
from lzn_dsl.syntax.tables import load_tables

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "generate image from label\n"


def answer(text: str) -> list[str]:
    """Check a text to the end, and return the codes of its errors."""
    spec = load(text + "\n")
    found = [d.code for d in spec.check()]
    try:
        spec.plan()
    except LznError as error:
        return [d.code for d in error.diagnostics]
    return found


def in_a_process(arguments: list[str], **limits: int) -> subprocess.CompletedProcess[str]:
    def restrict() -> None:
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    return subprocess.run(
        [sys.executable, "-m", "lzn_dsl", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=restrict,
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(texts | soups | mutants())
def test_g1_any_text_is_answered_to_the_plan(text: str) -> None:
    start = time.process_time()
    answer(text)
    assert time.process_time() - start < 2


def test_g1_any_bytes_are_answered_within_200_mb(tmp_path: Path) -> None:
    noise = bytes(i * i * 37 % 256 for i in range(100_000))
    (tmp_path / "noise.lzn").write_bytes(noise)
    done = in_a_process(["check", str(tmp_path / "noise.lzn")], RLIMIT_CPU=10)
    assert done.returncode == 2
    assert "error[LZN10" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["sparse", "pipe", "device", "folder"])
def test_g2_what_is_no_small_file_is_refused_unread(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "program.lzn"
    if kind == "sparse":
        with path.open("wb") as file:
            file.truncate(2**30)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.mkdir()
    done = in_a_process(["check", str(path)], RLIMIT_CPU=10, RLIMIT_DATA=2**29)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("bracket", ["[", "(", "{", "f(", "[1,", "x: {"])
def test_g3_a_million_brackets_are_one_short_answer(bracket: str) -> None:
    text = f"let a = {bracket * (900_000 // len(bracket))}"
    start = time.process_time()
    assert set(answer(text)) & {"LZN140", "LZN141", "LZN120", "LZN122"}
    assert time.process_time() - start < 6


PYTHON_NAMES = ["os.system", "builtins.eval", "torch.load", "__import__", "lzn_dsl.cli.run", "sys"]


@pytest.mark.parametrize("name", PYTHON_NAMES)
@pytest.mark.parametrize(
    "form",
    [
        "data d = {}(1)",
        "data d = {}",
        "modality image = image(encoder: {})",
        "modality image = {}",
        "train {{ optimizer: {} }}",
        "train {{ on: {} }}",
        "task t = {} image",
        "evaluate draw on seen with {}",
        "verb v a: {} -> a = encode a |> decode a",
        "verb v a: image -> a = {} a |> decode a",
        "let x = {}\ntrain {{ optimizer: x }}",
    ],
)
def test_g6_a_python_name_is_an_unknown_name_wherever_it_stands(form: str, name: str) -> None:
    before = set(sys.modules)
    assert errors(f"task draw = {PROGRAM}{form.format(name)}\n")
    assert {
        m for m in set(sys.modules) - before if m.split(".")[0] in ("torch", "os", "sys")
    } == set()


NUMBERS = [
    *("1" * 100_000, "1e999", "-1e999", "nan", "inf", "-0", "0x10", "1__0", "1e-999", "9" * 40),
    *("1_000_000_000_000", "1.5", "1e300", "-1", "1e18", "99_999k", "5kM", "1e1_0"),
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: n[:20])
def test_g7_any_number_out_of_range_is_one_error(number: str) -> None:
    assert len(errors(f"train {{ steps: {number} }}\n{PROGRAM}")) == 1


STRINGS = {
    "unclosed": '"open',
    "a megabyte": f'"{"x" * 1_000_000}"',
    "right to left": '"a\u202eb"',
    "zero byte": '"a\x00b"',
    "lone surrogate": '"\ud800"',
    "escape sequence": '"\x1b[2J"',
}


@pytest.mark.parametrize("text", STRINGS.values(), ids=list(STRINGS))
def test_g8_a_strange_string_is_an_error_that_shows_no_control_character(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(f"data d = image_folder({text}, size: 8)\n{PROGRAM}").plan()
    assert not set(str(caught.value)) & {"\x1b", "\x00", "\u202e"}


@pytest.mark.parametrize("name", ["im\u0430ge", "ima\u200bge", "\uff49mage"])
def test_g8_a_name_of_look_alike_letters_is_refused(name: str) -> None:
    assert set(errors(f"generate {name} from label\n")) & {"LZN110", "LZN111", "LZN112", "LZN113"}


PREFIXES = ["1", "1_", "a", "a.", '"', '"\\', "-", ".", "1.", "1e", "#", " ", "|", "\\", "_"]


@pytest.mark.parametrize("piece", PREFIXES)
def test_g9_the_lexer_takes_linear_time(piece: str) -> None:
    pattern = re.compile("|".join(f"(?:{body})" for _, body in load_tables().terminals))

    def seconds(size: int) -> float:
        text = piece * (size // len(piece)) + "?"
        times = []
        for _ in range(3):
            start = time.process_time()
            assert sum(1 for _ in pattern.finditer(text)) > 0
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(400_000) < 3 * 2 * seconds(200_000) + 0.01


@pytest.mark.parametrize(
    "text",
    [
        f"# {'x' * 900_000}\n",
        f"# {'x.' * 450_000}\n",
        f"# lzn: ignore[{'LZNW101, ' * 90_000}\n",
        "# lzn: ignore[LZNW101\n" * 40_000,
        f"let a = [{'1, ' * 9_000}1]\n",
    ],
    ids=lambda text: text[:16],
)
def test_g9_a_megabyte_is_checked_linted_and_formatted_in_seconds(text: str) -> None:
    spec = load(f"{text}generate image from label\n")
    start = time.process_time()
    spec.check()
    lint(spec, Selection(["all"]).codes())
    format_source(spec.source)
    assert time.process_time() - start < 20


def test_g11_constants_cannot_grow_without_limit() -> None:
    lists = "".join(f"let a{i + 1} = [a{i}, a{i}]\n" for i in range(40))
    start = time.process_time()
    found = errors(
        f"let a0 = [1, 1]\n{lists}modality image = image(encoder: conv(widths: a40))\n{PROGRAM}"
    )
    assert found == ["LZN290"]
    assert time.process_time() - start < 3


def test_g11_constants_cannot_nest_without_limit() -> None:
    lists = "".join(f"let a{i + 1} = [a{i}]\n" for i in range(3_000))
    text = f"let a0 = [1]\n{lists}modality image = image(encoder: conv(widths: a3000))\n{PROGRAM}"
    assert errors(text) == ["LZN290"]


def test_g12_one_mistake_is_one_error() -> None:
    text = """
    let width = 32
    data clothes = fashion_mist(split: train)
    modality image = image(encoder: conv(widths: [width]))
    task draw = generate image from label
    task name = classify image as label
    train { on: clothes }
    evaluate draw on clothes with frechet
    """
    assert errors(text) == ["LZN206"]


@pytest.mark.parametrize("text", ["$HOME", "${HOME}", "%PATH%", "$(id)", "`id`"])
def test_g14_nothing_is_read_from_the_environment(text: str, tmp_path: Path) -> None:
    program = tmp_path / "p.lzn"
    program.write_text(f'data d = image_folder("{text}", size: 8)\n{PROGRAM}', encoding="utf-8")
    said = " ".join(d.summary + d.hint for d in load(program).check())
    assert text in said or not said
    assert os.environ["HOME"] not in said.replace(str(tmp_path), "")


def test_g16_ten_thousand_mistakes_are_a_short_report() -> None:
    found = errors("trian { a = 1 }\n" * 10_000)
    assert len(found) <= 51
    unknown = "".join(f"task t{i} = generate imgae{i} from label\n" for i in range(2_000))
    assert len(load(unknown).check()) <= 51


def test_g18_checking_reads_the_program_and_its_data_and_nothing_else(tmp_path: Path) -> None:
    strange = [
        'data d = image_folder("/etc", size: 8)\ngenerate image\n',
        'data d = cifar10(root: "/proc/self")\ngenerate image\n',
        "data d = os.system\ngenerate image\n",
        "modality image = image(encoder: torch.nn.Linear)\ngenerate image\n",
    ]
    files = [*sorted((ROOT / "specs").rglob("*.lzn"))]
    for number, text in enumerate(strange):
        files.append(tmp_path / f"strange{number}.lzn")
        files[-1].write_text(text, encoding="utf-8")
    files += sorted((ROOT / "tests" / "golden").rglob("*.lzn"))
    done = subprocess.run(
        [sys.executable, audited_check.__file__, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])},
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(files)
    for path, row in zip(files, rows, strict=True):
        opened = {name for event, name in row["events"] if event == "open"}
        others = [event for event in row["events"] if event[0] not in ("open", "import", "exec")]
        assert others == [], path
        assert [name for name in opened if not _may_be_read(name, path)] == [], path


def _may_be_read(name: str, program: Path) -> bool:
    known = (str(ROOT / "lzn_dsl"), str(ROOT / "grammars"), str(ROOT / "specs"), sys.prefix)
    base = sys.base_prefix
    data = name.endswith((".gz", "-ubyte", ".bin", "batch_1", ".csv")) or "images-idx" in name
    opened_before = name.isdigit()
    # An imported file is opened folder by folder, each by its bare name within the last.
    step = "/" not in name and name != ".."
    of_program = name in (str(program), str(ROOT)) or opened_before or step
    return of_program or data or name.startswith((*known, base))
