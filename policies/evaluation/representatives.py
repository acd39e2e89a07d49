"""Values that stand for all values a condition key can have, as far as given policies can tell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from policies.evaluation.carried_keys import ADDRESSES, MULTIVALUED
from policies.evaluation.conditions import AnyCondition, Condition, Qualifier
from policies.evaluation.languages import examples
from policies.evaluation.logic import Truth
from policies.evaluation.operators import Family, TextOperator, ValueOperator
from policies.evaluation.patterns import Shape, glob_matcher
from policies.evaluation.principals import ABSENT
from policies.evaluation.statements import Statement
from policies.evaluation.templates import Lookup, Pattern, Template, Variable, Wildcard, resolve

Values = tuple[str, ...]
Behaviour = tuple[Truth | Values, ...]
ARBITRARY = "-"
_ADDRESS = Shape((Wildcard.ONE, Wildcard.ANY, "@", Wildcard.ONE, Wildcard.ANY))


class NotComparable(Exception):  # noqa: N818 - a limit, no error in the policies
    """A key is compared as values of different kinds, which cannot be listed together."""


def unknown_keys(statements: Iterable[Statement], lookup: Lookup) -> dict[str, str]:
    """The unknown keys of statements with their spelling; those that stand as variables first."""
    variables: dict[str, str] = {}
    subjects: dict[str, str] = {}
    for statement in statements:
        variables |= {variable.key: variable.written_key for variable in statement.variables}
        subjects |= {test.key: test.written_key for test in statement.conditions}
    ordered = dict(sorted(variables.items())) | dict(sorted(subjects.items()))
    return {key: written for key, written in ordered.items() if lookup(key) is None}


def representatives(
    key: str, statements: Sequence[Statement], resource: str, lookup: Lookup
) -> tuple[Values, ...]:
    """Values of which one behaves like any the key can have; its absence only where nothing else does.

    Args:
        key: The key in lower case.
        statements: The statements that depend on it.
        resource: The requested resource.
        lookup: The values of the other keys, as far as they are known.

    Raises:
        NotComparable: Operators of different kinds test the key.
        TooManyStates: The patterns overlap in too many ways.
    """
    tests = [test for statement in statements for test in statement.conditions if key in test.keys]
    placed = [statement for statement in statements if key in statement.resource_keys]

    def behaviour(values: Values) -> Behaviour:
        def with_key(name: str) -> Values | None:
            return values if name == key else lookup(name)

        truths = [test.holds(with_key) for test in tests]
        truths += [statement.covers_resource(resource, with_key) for statement in placed]
        return (*truths, values) if None in truths else tuple(truths)

    found: dict[Behaviour, Values] = {}
    subjects = [test for test in tests if test.key == key]
    for text in _examples(key, subjects, lookup):
        found.setdefault(behaviour((text,)), (text,))
    for template, text in _uses(tests, placed, resource, lookup):
        for part in _fillings(key, template, text, lookup):
            found.setdefault(behaviour((part,)), (part,))
    if key in MULTIVALUED or (_may_be_multivalued(key) and any(map(_is_set_test, subjects))):
        _add_unions(found, behaviour)
    for values in (("",), ABSENT):
        found.setdefault(behaviour(values), values)
    return tuple(found.values())


def texts_of(key: str, shapes: Iterable[Shape]) -> Mapping[tuple[bool, ...], str]:
    """A text for every way to fit the patterns, looking like a value of the key where one can.

    Raises:
        TooManyStates: The patterns overlap in too many ways.
    """
    return examples(tuple(shapes), prefer=_ADDRESS if key in ADDRESSES else None)


def _examples(key: str, tests: Sequence[AnyCondition], lookup: Lookup) -> Iterator[str]:
    """A text for every way to meet and miss tests of one key."""
    shapes: list[Shape] = []
    families: dict[Family, list[str]] = {}
    for test in tests:
        if isinstance(test, Condition) and isinstance(test.base, TextOperator):
            patterns = (*test.patterns, *(resolve(template, lookup) for template in test.templates))
            shapes += [Shape(pattern, test.base.style) for pattern in patterns if isinstance(pattern, tuple)]
        elif isinstance(test, Condition) and isinstance(test.base, ValueOperator):
            families.setdefault(test.base.family, []).extend(test.values)
    if len(families) + bool(shapes) > 1:
        raise NotComparable
    if not families:
        yield from texts_of(key, dict.fromkeys(shapes)).values()
    for family, values in families.items():
        yield from family.examples([family.parse(value) for value in values])


def _uses(
    tests: Sequence[AnyCondition], placed: Sequence[Statement], resource: str, lookup: Lookup
) -> Iterator[tuple[Template, str]]:
    """The templates with variables, each with the texts it is compared with."""
    for statement in placed:
        for template in statement.resources.templates if statement.resources else ():
            yield template, resource
    for test in tests:
        for template in test.templates:
            for text in lookup(test.key) or _literals(test.key, tests):
                yield template, text


def _literals(key: str, tests: Sequence[AnyCondition]) -> Iterator[str]:
    for test in tests:
        if test.key == key and isinstance(test, Condition):
            yield from test.values


def _fillings(key: str, template: Template, text: str, lookup: Lookup) -> Iterator[str]:
    """The values of the key with which the template may fit the text, and an arbitrary one."""
    for index, piece in enumerate(template):
        if isinstance(piece, Variable) and piece.key == key:
            fits_before = glob_matcher(_loosely(template[:index], lookup))
            fits_after = glob_matcher(_loosely(template[index + 1 :], lookup))
            starts = [place for place in range(len(text) + 1) if fits_before(text[:place])]
            ends = [place for place in range(len(text) + 1) if fits_after(text[place:])]
            yield from (text[start:end] for start in starts for end in ends if start <= end)
    yield ARBITRARY


def _loosely(template: Template, lookup: Lookup) -> Pattern:
    """The template with its variables' values, unknown ones being any text."""
    pieces: list[str | Wildcard] = []
    for piece in template:
        pattern = resolve((piece,), lookup)
        pieces += pattern if isinstance(pattern, tuple) else (Wildcard.ANY,)
    return tuple(pieces)


def _may_be_multivalued(key: str) -> bool:
    """Whether nothing documents that the key has one value: the keys of AWS itself and of SES are listed."""
    return not key.startswith(("aws:", "ses:"))


def _is_set_test(test: AnyCondition) -> bool:
    return isinstance(test, Condition) and test.qualifier is not Qualifier.NONE


def _add_unions(found: dict[Behaviour, Values], behaviour: Callable[[Values], Behaviour]) -> None:
    """Add combinations of values until none behaves in a new way."""
    singles = [values for values in found.values() if values]
    pending = list(singles)
    while pending:
        values = pending.pop()
        for single in singles:
            union = values if single[0] in values else values + single
            if behaviour(union) not in found:
                found[behaviour(union)] = union
                pending.append(union)
