"""Every error is ours and a built-in at once, with an exit code of its own."""

from __future__ import annotations

import re

import pytest

from comity import errors

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ComityError)]
DRAWN = re.findall(r"^([^\w\n]*)(\w+)(?: \((\w+)\))? +exit (\d+)", errors.__doc__, re.M)


def test_the_tree_in_the_docstring_is_that_of_the_classes():
    drawn = {name: (builtin, int(code)) for _, name, builtin, code in DRAWN}
    assert set(drawn) == {kind.__name__ for kind in KINDS}
    for kind in KINDS:
        builtin, code = drawn[kind.__name__]
        assert kind.exit_code == code
        assert not builtin or builtin in {base.__name__ for base in kind.__bases__}
    depth = {name: len(lead) for lead, name, _, _ in DRAWN}
    for kind in KINDS[1:]:
        parent = max((base for base in kind.__mro__[1:] if base in KINDS), key=lambda base: len(base.__mro__))
        assert depth[kind.__name__] > depth[parent.__name__]


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.BadInput, ValueError),
        (errors.PlaceAmbiguous, ValueError),
        (errors.NoRoute, LookupError),
        (errors.FactMissing, LookupError),
        (errors.NetworkUnusable, OSError),
        (errors.MissingExtra, ImportError),
    ],
)
def test_who_knows_python_alone_can_catch_them(kind, builtin):
    with pytest.raises(builtin, match="why"):
        raise kind("why")


def test_a_place_in_doubt_holds_its_candidates():
    assert errors.PlaceAmbiguous("which?", ["a", "b"]).candidates == ("a", "b")
    assert errors.PlaceUnknown("who?").candidates == ()


def test_faults_of_a_table_are_counted_and_listed():
    one, two = errors.TableFaults("t.csv", ["line 2: x"]), errors.TableFaults("t.csv", ["line 2: x", "line 3: y"])
    assert str(one) == "t.csv has 1 fault:\n  line 2: x"
    assert str(two) == "t.csv has 2 faults:\n  line 2: x\n  line 3: y"
    assert two.faults == ("line 2: x", "line 3: y")
