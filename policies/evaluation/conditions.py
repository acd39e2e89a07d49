"""One condition of a statement: an operator, a key and the policy's values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from dataclasses import dataclass, field
from enum import Enum

from policies.evaluation.logic import Truth, all_of, any_of, negate
from policies.evaluation.operators import Operator, TextOperator
from policies.evaluation.patterns import Matcher, one_of
from policies.evaluation.templates import (
    Lookup,
    Pattern,
    Template,
    Unresolved,
    Variable,
    resolve,
    variables_of,
)


class Qualifier(Enum):
    """How a condition treats a key with several values."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


@dataclass(frozen=True)
class Condition:
    """A compiled condition.

    Attributes:
        operator: The operator as the policy writes it, with qualifier and IfExists.
        written_key: The condition key as the policy writes it.
        values: The policy's values, as text.
        key: The condition key in lower case.
        base: The operator without qualifier and IfExists.
        matcher: Whether one of the values without variables matches.
        patterns: The values without variables, of an operator on texts.
        templates: The values with variables.
    """

    operator: str
    written_key: str
    values: tuple[str, ...]
    key: str
    base: Operator
    qualifier: Qualifier
    if_exists: bool
    matcher: Matcher = field(compare=False, repr=False)
    patterns: tuple[Pattern, ...] = ()
    templates: tuple[Template, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The policy variables in its values."""
        return tuple(variable for template in self.templates for variable in variables_of(template))

    @property
    def keys(self) -> frozenset[str]:
        """All keys it depends on: the one it tests and those its values take in."""
        return frozenset({self.key, *(variable.key for variable in self.variables)})

    def holds(self, lookup: Lookup) -> Truth:
        """Whether the condition is met in the request whose keys `lookup` gives."""
        values = lookup(self.key)
        if values is None:
            return None
        if not values:
            return self.if_exists or self.qualifier is Qualifier.ALL or self._is_plain_negation
        if not self.templates:
            return self._met(values, self.matcher)
        matchers = [self.matcher]
        missed: Truth = False
        for template in self.templates:
            pattern = resolve(template, lookup)
            if pattern is Unresolved.UNKNOWN:
                missed = None
            elif isinstance(pattern, tuple) and isinstance(self.base, TextOperator):
                matchers.append(self.base.matcher(pattern))
            elif self.base.negated:
                return False  # a variable without a value makes the comparison fail, whichever way it asks
        return self._met(values, one_of(matchers), missed)

    @property
    def _is_plain_negation(self) -> bool:
        return self.base.negated and self.qualifier is Qualifier.NONE

    def _met(self, values: tuple[str, ...], matches: Matcher, missed: Truth = False) -> Truth:
        """Compare every value of the request; one that nothing matches counts as `missed`."""
        matched = [matches(value) or missed for value in values]
        if self.qualifier is Qualifier.NONE:
            return negate(any_of(matched)) if self.base.negated else any_of(matched)
        if not any(values):  # AWS: a null data set, such as an empty string
            return self.qualifier is Qualifier.ALL
        met = [negate(truth) for truth in matched] if self.base.negated else matched
        return all_of(met) if self.qualifier is Qualifier.ALL else any_of(met)


@dataclass(frozen=True)
class NullCondition:
    """A compiled Null condition: whether a key is absent.

    Attributes:
        wanted: Whether it is met by an absent key (True in it) and by a present one (False in it).
    """

    operator: str
    written_key: str
    values: tuple[str, ...]
    key: str
    wanted: frozenset[bool]
    templates: tuple[Template, ...] = ()
    variables: tuple[Variable, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The key it tests."""
        return frozenset({self.key})

    def holds(self, lookup: Lookup) -> Truth:
        """Whether the condition is met in the request whose keys `lookup` gives."""
        values = lookup(self.key)
        if values is None:
            return None if len(self.wanted) == 1 else bool(self.wanted)
        return (not values) in self.wanted


AnyCondition = Condition | NullCondition
