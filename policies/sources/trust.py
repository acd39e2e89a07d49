"""The trust list: own accounts and partners, from `ses-bounce.toml`."""

import re
import tomllib
from typing import Any

from policies.findings import Trust

_ACCOUNT = re.compile(r"[0-9]{12}")


class TrustError(ValueError):
    """The trust list cannot be used: the text says where and why."""


def read_trust(text: str) -> Trust:
    """The trust list of a TOML text.

        [trust]
        own = ["111111111111"]

        [trust.partners]
        222222222222 = "Mailing house"

    Raises:
        TrustError: It is no TOML, or something else stands in its table `trust`.
    """
    try:
        table = tomllib.loads(text).get("trust", {})
    except tomllib.TOMLDecodeError as error:
        raise TrustError(f"no TOML: {error}") from None
    if not isinstance(table, dict) or set(table) - {"own", "partners"}:
        raise TrustError("trust: must be a table of own and partners")
    own, partners = table.get("own", []), table.get("partners", {})
    if not isinstance(own, list):
        raise TrustError("trust.own: must be a list of account IDs")
    if not isinstance(partners, dict):
        raise TrustError("trust.partners: must be a table of names by account ID")
    for account, name in partners.items():
        if not isinstance(name, str) or not name:
            raise TrustError(f"trust.partners.{account}: must be the partner's name")
    return Trust(
        frozenset(_account("trust.own", account) for account in own),
        {_account("trust.partners", account): name for account, name in partners.items()},
    )


def _account(where: str, account: Any) -> str:
    if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
        raise TrustError(f"{where}: {account!r} is no account ID: twelve digits, as a string")
    return account
