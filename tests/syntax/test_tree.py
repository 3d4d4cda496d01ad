"""Each statement gives its tree, and every node knows its place."""

import pytest

from helpers.trees import outline, read, spans
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse_expression, parse_value

STATEMENTS = {
    "let width = 32": "Let(width, 32)",
    "let widths = [16, 32,]": "Let(widths, Sequence([16, 32]))",
    "let none = []": "Let(none, Sequence([]))",
    "let net = conv(16, to: b)": "Let(net, Call(conv, [Argument(-, 16), Argument(to, &b)]))",
    'let name = "a b"': "Let(name, 'a b')",
    "let on_or_off = true": "Let(on_or_off, True)",
    "space gaussian(dim: 64)": "Space(Call(gaussian, [Argument(dim, 64)]))",
    "data d = digits": "Data(d, Call(digits, []))",
    "data d = digits()": "Data(d, Call(digits, []))",
    "data d = digits(split: train)": "Data(d, Call(digits, [Argument(split, &train)]))",
    "modality image = image(decoder: flow(unet, steps: 20))": (
        "Modality(image, Call(image, [Argument(decoder, Call(flow, "
        "[Argument(-, &unet), Argument(steps, 20)]))]))"
    ),
    "lzn 1": "Version(1)",
    'import "base.lzn"': "Import('base.lzn', -, [])",
    'import "base.lzn" as base { steps: 5 }': "Import('base.lzn', base, [Setting(steps, 5)])",
    "param steps: integer = 4_000": "Param(steps, integer, 4000, -)",
    "param steps: integer = 4_000 in 1..1e6": ("Param(steps, integer, 4000, Range(1, 1000000.0))"),
    "param size: word = small in [small, large]": (
        "Param(size, word, &small, Sequence([&small, &large]))"
    ),
    "task draw = generate image from label": (
        "Task(draw, Apply(generate, [&image], [Complement(from, &label)]), [])"
    ),
    "task name = classify image as label { alpha: 0.0 }": (
        "Task(name, Apply(classify, [&image], [Complement(as, &label)]), [Setting(alpha, 0.0)])"
    ),
    "task again = name (draw label)": (
        "Task(again, Apply(name, [Apply(draw, [&label], [])], []), [])"
    ),
    "task again = base.draw label |> name": (
        "Task(again, Pipe([Apply(base.draw, [&label], []), &name]), [])"
    ),
    "task few = sample 4 of (generate image)": (
        "Task(few, Apply(sample, [4], [Complement(of, Apply(generate, [&image], []))]), [])"
    ),
    "task odd = classify (draw label) as label": (
        "Task(odd, Apply(classify, [Apply(draw, [&label], [])], [Complement(as, &label)]), [])"
    ),
    "generate image": "Task(-, Apply(generate, [&image], []), [])",
    "generate image from label and text { steps: 5k }": (
        "Task(-, Apply(generate, [&image], [Complement(from, &label), Complement(and, &text)]), "
        "[Setting(steps, 5000)])"
    ),
    "task gist = embed image using simclr(temperature: 0.2) { alpha: 0 }": (
        "Task(gist, Apply(embed, [&image], []), [Setting(alpha, 0)], "
        "Call(simclr, [Argument(temperature, 0.2)]))"
    ),
    "task gist = embed image |> f using moco": (
        "Task(gist, Pipe([Apply(embed, [&image], []), &f]), [], Call(moco, []))"
    ),
    "embed image using moco": "Task(-, Apply(embed, [&image], []), [], Call(moco, []))",
    "embed image using moco\n{ alpha: 0 }": (
        "Task(-, Apply(embed, [&image], []), [Setting(alpha, 0)], Call(moco, []))"
    ),
    "train image.decoder { lr: 2e-3 }": "Train([Setting(lr, 0.002)], image.decoder)",
    "train decoder { }": "Train([], decoder)",
    "train { using: using }": "Train([Setting(using, &using)])",
    "train { }": "Train([])",
    "train { on: clothes, with: x\n steps: 1\n\n, }": (
        "Train([Setting(on, &clothes), Setting(with, &x), Setting(steps, 1)])"
    ),
    "train { train: let, data: f(space: of) }": (
        "Train([Setting(train, &let), Setting(data, Call(f, [Argument(space, &of)]))])"
    ),
    "evaluate base.draw on base.unseen with accuracy": (
        "Evaluate(base.draw, base.unseen, [Call(accuracy, [])])"
    ),
    "evaluate draw on unseen with frechet(samples: 5k), precision_recall": (
        "Evaluate(draw, unseen, [Call(frechet, [Argument(samples, 5000)]), "
        "Call(precision_recall, [])])"
    ),
    "learn align image with label { weight: 0.5 }": (
        "Learn(Apply(align, [&image], [Complement(with, &label)]), [Setting(weight, 0.5)])"
    ),
    "verb fresh target: decodable -> target = prior |> decode target": (
        "Verb(fresh, [Parameter(-, target, [decodable], -)], target, [], "
        "Pipe([&prior, Apply(decode, [&target], [])]))"
    ),
    "verb embed source -> latent = encode source": (
        "Verb(embed, [Parameter(-, source, [], -)], latent, [], Apply(encode, [&source], []))"
    ),
    "verb redo x: encodable decodable as y: discrete -> y = center of x |> decode y": (
        "Verb(redo, [Parameter(-, x, [encodable, decodable], -), "
        "Parameter(as, y, [discrete], -)], y, [], "
        "Pipe([Apply(center, [], [Complement(of, &x)]), Apply(decode, [&y], [])]))"
    ),
    "verb mix a: image by share: number = 0.5 -> a = blend(encode a, prior() |> f, share)": (
        "Verb(mix, [Parameter(-, a, [image], -), Parameter(by, share, [number], 0.5)], a, [], "
        "Apply(blend, [Apply(encode, [&a], []), Pipe([Apply(prior, [], []), &f]), &share], []))"
    ),
    "verb deep a: image -> a = decode (center of (encode f(a)))": (
        "Verb(deep, [Parameter(-, a, [image], -)], a, [], Apply(decode, [Apply(center, [], "
        "[Complement(of, Apply(encode, [Apply(f, [&a], [])], []))])], []))"
    ),
    "verb twice a: image -> a {\n let z = encode a\n\n decode(z, a) # and back\n}": (
        "Verb(twice, [Parameter(-, a, [image], -)], a, [Binding(z, Apply(encode, [&a], []))], "
        "Apply(decode, [&z, &a], []))"
    ),
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items(), ids=list(STATEMENTS))
def test_statement_gives_its_tree(text: str, expected: str) -> None:
    [statement] = read(text).statements
    assert outline(statement) == expected


@pytest.mark.parametrize("text", STATEMENTS)
def test_statement_covers_its_text_and_nodes_lie_within(text: str) -> None:
    [statement] = read(f"# before\n{text}   # after\n").statements
    assert statement.span.text == text
    for span in spans(statement):
        assert statement.span.start <= span.start < span.end <= statement.span.end


def test_names_and_arguments_know_their_places() -> None:
    [statement] = read("data clothes = mnist(split: train, 5k)\n").statements
    assert isinstance(statement, tree.Data)
    assert statement.name.span.text == "clothes"
    assert statement.component.span.text == "mnist(split: train, 5k)"
    assert [argument.span.text for argument in statement.component.arguments] == [
        "split: train",
        "5k",
    ]


def test_component_without_settings_covers_its_name() -> None:
    [statement] = read("data d = digits # all of them").statements
    assert isinstance(statement, tree.Data)
    assert statement.component.span.text == "digits"


def test_phrase_reads_like_itself() -> None:
    [statement] = read("task draw = generate   image  from label and text").statements
    assert isinstance(statement, tree.Task)
    assert str(statement.body) == "generate image from label and text"


def test_file_covers_the_whole_text() -> None:
    text = "\n\nlet a = 1\n\n"
    file = read(text)
    assert (file.span.start, file.span.end) == (0, len(text))


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", " \t\n\r\n"])
def test_text_without_statements_is_a_program(text: str) -> None:
    assert read(text).statements == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4_000", "4000"),
        ("adam(lr: 1e-3)", "Call(adam, [Argument(lr, 0.001)])"),
        ("[1, [2]]", "Sequence([1, Sequence([2])])"),
        ("clothes", "&clothes"),
        ("train", "&train"),
        ('"a"', "'a'"),
    ],
)
def test_value_alone_gives_its_tree(text: str, expected: str) -> None:
    value, findings = parse_value(Source("--set train.steps", text))
    assert (outline(value), findings) == (expected, ())


@pytest.mark.parametrize("text", ["", "1 2", "a = 1", "[1", "generate image", "5K", "a\nb"])
def test_what_is_no_value_alone_is_said(text: str) -> None:
    value, findings = parse_value(Source("--set train.steps", text))
    assert value is None
    assert len(findings) == 1
    assert findings[0].span is not None
    assert findings[0].span.source.name == "--set train.steps"


def test_phrase_alone_gives_its_tree() -> None:
    phrase, findings = parse_expression(Source("--task", "generate image from label"))
    assert findings == ()
    assert outline(phrase) == "Apply(generate, [&image], [Complement(from, &label)])"


@pytest.mark.parametrize("text", ["", "generate image from", "let a = 1", "a b c"])
def test_what_is_no_phrase_alone_is_said(text: str) -> None:
    phrase, findings = parse_expression(Source("--task", text))
    assert phrase is None
    assert len(findings) == 1
