"""Adams' methods with a damped corrector, on flows whose solution is known."""

from collections.abc import Callable

import pytest
import torch
from jaxtyping import Float
from torch import Tensor

from lzn_runtime.latent.adams import Adams, damp, predictor, predictor_corrector
from lzn_runtime.latent.adams import to_the_end as with_the_last_step

UNEVEN = torch.tensor([7.0, 5.5, 4.8, 3.0, 1.7, 1.1, 0.0], dtype=torch.float64)
EVEN = torch.arange(12, -1, -1, dtype=torch.float64)
ALL = torch.full((1, 1), torch.inf, dtype=torch.float64)
Flow = Callable[[Tensor, Tensor], Tensor]


def walked(
    method: Adams,
    rho: Float[Tensor, " nodes"],
    flow: Flow,
    rate: float | None = None,
) -> list[float]:
    """Return e at each node, from e = 1 at the first."""
    e = torch.ones(1, 1, dtype=torch.float64)
    kept, places = [torch.zeros_like(e), torch.zeros_like(e)], [1.0]
    for node, at in enumerate(rho[:-1]):
        beta, memory = method.at(node).undamped(), torch.eye(3, 1).double()[None, ..., None]
        if rate is not None and node > 0:  # no step leads to the first node
            damp(method.at(node), torch.full_like(e, rate), beta=beta, memory=memory)
        known = torch.stack([flow(e, at), *kept])
        e = e + (beta[0] * known).sum(0)
        kept = [(memory[0] * known).sum(0), kept[0]]
        places.append(float(e))
    return places


def column(rho: Tensor) -> Tensor:
    return rho[:, None, None]


def test_the_predictor_is_exact_for_a_linear_flow_but_in_its_first_step() -> None:
    found = walked(predictor(column(UNEVEN)), UNEVEN, lambda e, rho: rho.expand_as(e))
    lost = 1.5**2 / 2  # Euler's, over the step from 7 to 5.5
    assert found[-1] == pytest.approx(1 - 7**2 / 2 - lost)


def test_the_corrector_is_exact_for_a_quadratic_flow_but_in_its_first_step() -> None:
    rho = column(UNEVEN)
    method, at_zero = with_the_last_step(predictor_corrector(rho), rho, within=ALL)
    found = walked(method, UNEVEN, lambda e, rho: rho.square().expand_as(e))
    lost = 1.5**3 / 6  # the trapezoid's; the flow at the end, which has its own coefficient, is 0
    assert found[-1] == pytest.approx(1 - 7**3 / 3 - lost)
    # f = 1 - rho has the value 1 and the slope -1 at the end.
    line = walked(method, UNEVEN, lambda e, rho: (1 - rho).expand_as(e))[-1]
    assert line + float(at_zero[0] - at_zero[1]) == pytest.approx(1 - 7 + 7**2 / 2)


@pytest.mark.parametrize(("within", "cube"), [(1.2, 0.7), (1.0, 0.0)])
def test_the_last_step_is_exact_for_a_cubic_flow_or_a_quadratic(within: float, cube: float) -> None:
    rho = column(UNEVEN)
    longest = torch.full_like(ALL, within)
    method, at_zero = with_the_last_step(predictor_corrector(rho), rho, within=longest)
    far, near = 1.7, 1.1

    def flow(rho: float) -> float:
        return 2 - rho + 3 * rho**2 - cube * rho**3

    known = torch.tensor([flow(near), flow(far), 0.0], dtype=torch.float64)
    found = float(method.ahead[-1].flatten() @ known + 2 * at_zero[0] - at_zero[1])
    assert found == pytest.approx(-(2 * near - near**2 / 2 + near**3 - cube * near**4 / 4))
    assert bool(at_zero[1] != 0) == (cube > 0)


@pytest.mark.parametrize("rate", [1.0, 2.0, 3.0])
def test_damping_holds_steps_that_are_long_for_the_flow(rate: float) -> None:
    method = predictor_corrector(column(EVEN))

    def together(e: Tensor, rho: Tensor) -> Tensor:
        return rate * e

    assert abs(walked(method, EVEN, together)[-1]) > 100
    assert abs(walked(method, EVEN, together, rate)[-1]) < 0.01


def test_the_place_takes_half_of_the_damping_and_what_is_kept_all() -> None:
    # Steps of -1: the second node's weight is -5/12. 1 + L is on a level of the rounding.
    method = predictor_corrector(column(EVEN)).at(2)
    beta, memory = torch.zeros(2, 1, 3, 1, 1, dtype=torch.float64)
    damp(method, torch.ones(1, 1, dtype=torch.float64), beta=beta, memory=memory)
    y = 5 / 12
    kept = [y / (1 + y / 2) * part for part in (1, -2, 1)]
    assert memory.flatten().tolist() == pytest.approx([1 - kept[0], -kept[1], -kept[2]])
    # -3/2 F + 1/2 F_1 is the next prediction.
    unforeseen = -y / (1 + y / 2) + 1.5 * kept[0]
    want = [unforeseen - 1.5, -2 * unforeseen + 0.5, unforeseen]
    assert beta.flatten().tolist() == pytest.approx(want)


def test_no_stiffness_is_no_damping() -> None:
    method = predictor_corrector(column(EVEN))

    def flow(e: Tensor, rho: Tensor) -> Tensor:
        return e * rho / 20

    assert walked(method, EVEN, flow, 0.0) == pytest.approx(walked(method, EVEN, flow), rel=1e-14)
