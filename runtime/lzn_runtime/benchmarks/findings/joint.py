"""Part (c) of the findings: generation and classification together, and cross-entropy."""

from lzn_runtime.benchmarks.findings.accuracy import accuracies
from lzn_runtime.benchmarks.findings.page import Page, cells, percent, plain
from lzn_runtime.benchmarks.findings.series import GENERATION_FASHION, JOINT

_LEAST = 0.89
_MOST = 1.0


def write_joint(page: Page) -> None:
    """Write the part."""
    found = page.compare((*JOINT, *GENERATION_FASHION))
    accuracy = accuracies(found)
    page.text(
        "## (c) Generation and classification together",
        "Fashion-MNIST, 1,000 steps of 128 for all. Accuracy on the 10,000 test pictures, each\n"
        "judged alone: its zone is bounded by 1,000 training anchors, never by its batch.",
    )
    page.table(["", "accuracy"], [(label, percent(s)) for label, s in accuracy.items()])
    rebuilt = [("reconstruction", f"rebuild{n}", plain) for n in (10, 50)]
    imagined = [("frechet", f"imagine{n}", plain) for n in (10, 50)]
    drawn = [("frechet", f"draw{n}", plain) for n in (10, 50)]
    together = [row for row in cells(found, [*imagined, *rebuilt]) if row[0] == "joint"]
    alone = [row for row in cells(found, [*drawn, *rebuilt]) if row[0].endswith("latents")]
    head = ["", "Frechet, 10 Euler steps", "50 steps", "rebuilt L2, 10 steps", "50 steps"]
    page.table(head, [*together, *((f"generation alone, {row[0]}", *row[1:]) for row in alone)])
    told = [("frechet", "draw10", plain), ("recognition", "draw10", percent)]
    for _, distance, recognised in (row for row in cells(found, told) if row[0] == "joint"):
        page.text(
            "Drawn for a label by the joint model, in 10 steps: Frechet distance\n"
            f"{distance}; recognised as their class: {recognised}."
        )
    joint = accuracy["joint"]
    what = "Fashion-MNIST: joint accuracy, with the support"
    page.bar(what, percent(joint), f"at least {_LEAST:.0%}", met=joint.mean >= _LEAST)
    gap = 100 * (accuracy["cross-entropy"].mean - accuracy["classification alone"].mean)
    what = "Fashion-MNIST: cross-entropy less label alignment"
    page.bar(what, f"{gap:+.2f} points", f"at most {_MOST:g}", met=gap <= _MOST)
