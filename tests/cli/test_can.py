"""The verbs `can`, `who-can` and `diff`, as a person or a script runs them."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli import can, live_policies, main

CALLER, OWNER = "111111111111", "222222222222"
IDENTITY = f"arn:aws:ses:us-east-1:{OWNER}:identity/example.com"
SESSION = f"arn:aws:sts::{CALLER}:assumed-role/bounce-sender/run"


def grant(**elements: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "ses:SendBounce", "Resource": IDENTITY, **elements}
    return {"Version": "2012-10-17", "Statement": statement}


ROLE_POLICY = grant()
OWNERS_POLICY = grant(
    Sid="Bounces",
    Principal={"AWS": CALLER},
    Condition={"StringLike": {"ses:FromAddress": "*@mail.example.com"}},
)


@pytest.fixture(autouse=True)
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("role.json").write_text(json.dumps(ROLE_POLICY), encoding="utf-8")
    Path("owner.json").write_text(json.dumps(OWNERS_POLICY), encoding="utf-8")
    Path("wide.json").write_text(json.dumps(grant(Principal={"AWS": CALLER})), encoding="utf-8")
    Path("broken.json").write_text('{"Statement": {"Effect": "Allow"}}', encoding="utf-8")


class Ran:
    """What a run of the command left behind."""

    def __init__(self, capsys: pytest.CaptureFixture[str], code: int) -> None:
        self.code = code
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def ses_bounce(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["ses-bounce", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main.main()
        return Ran(capsys, int(stopped.value.code or 0))

    return run


ASK = ("can", "--principal", SESSION, "--action", "ses:SendBounce", "--resource", IDENTITY)
POLICIES = ("--policy-file", "role.json", "--resource-policy-file", "owner.json")


def test_a_person_reads_who_allows_it(ses_bounce: Any) -> None:
    ran = ses_bounce(*ASK, *POLICIES, "--context", "ses:FromAddress=a@mail.example.com")
    assert ran.code == 0
    assert ran.out == (
        "allowed by the identity-based policy `role.json` (statement 0) "
        "and the identity policy `owner.json` (statement Bounces)\n"
    )


def test_a_person_reads_what_is_allowed_instead_and_on_which_side(ses_bounce: Any) -> None:
    ran = ses_bounce(*ASK, *POLICIES, "--context", "ses:FromAddress=a@example.com")
    assert ran.code == 1
    assert f"on the resource's side (account {OWNER})" in ran.out
    assert "ses:FromAddress meets StringLike *@mail.example.com (it is a@example.com)" in ran.out


def test_what_was_not_said_is_named(ses_bounce: Any) -> None:
    ran = ses_bounce(*ASK, *POLICIES)
    assert (ran.code, ran.out) == (1, "depends on ses:FromAddress, whose value nobody gave\n")
    assert "denied" in ses_bounce(*ASK, *POLICIES, "--complete").out


def test_keys_may_follow_one_context_option(ses_bounce: Any) -> None:
    ran = ses_bounce(*ASK, *POLICIES, "--json", "--context", "k:a=1", "ses:FromAddress=a@mail.example.com")
    assert ran.code == 0
    assert (ran.json["decision"], ran.json["dependsOn"]) == ("allowed", [])
    assert [one["policy"] for one in ran.json["statements"]] == ["role.json", "owner.json"]


def test_boundaries_and_session_policies_limit(ses_bounce: Any) -> None:
    Path("limit.json").write_text(json.dumps(grant(Action="s3:*", Resource="*")), encoding="utf-8")
    asked = (*ASK, *POLICIES, "--context", "ses:FromAddress=a@mail.example.com")
    assert "the permissions boundary `limit.json`" in ses_bounce(*asked, "--boundary-file", "limit.json").out
    assert "the session policy `limit.json`" in ses_bounce(*asked, "--session-policy-file", "limit.json").out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("can",), "principal: is missing"),
        (("can", "--principal", "x", "--action", "a:b", "--resource", "*"), "'x' is no principal"),
        ((*ASK, "--policy-file", "gone.json"), "gone.json: there is no such file"),
        ((*ASK, "--policy-file", "broken.json"), "broken.json /Statement/0: Action or NotAction is missing"),
        ((*ASK, "--policy-file", "owner.json"), "owner.json /Statement/0: only resource-based policies"),
        ((*ASK, "--context", "ses:FromAddress"), "must be KEY=VALUE"),
        (("can", "--cases", "gone.jsonl"), "gone.jsonl"),
        (("diff", "role.json", "owner.json"), "names its principals"),
        (("diff", "owner.json", "HEAD:gone.json"), "HEAD:gone.json: neither a file nor a revision"),
        (("diff", "owner.json", "--output=x:y"), "No such option"),
        (("who-can", "--resource", IDENTITY, "--policy-file", "role.json"), "names its principals"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    ses_bounce: Any, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = ses_bounce(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert complaint in ran.err
    assert ran.err.count("\n") == 1


def case(**changes: Any) -> str:
    whole = {
        "id": "a",
        "principal": SESSION,
        "action": "ses:SendBounce",
        "resource": IDENTITY,
        "identityPolicies": [ROLE_POLICY],
        "resourcePolicies": [OWNERS_POLICY],
        **changes,
    }
    return json.dumps(whole)


def test_cases_are_answered_line_by_line_from_a_file(ses_bounce: Any) -> None:
    lines = [case().encode(), b'{"id": "\xff"}', b"", case(id="b", resourcePolicies=[]).encode()]
    Path("cases.jsonl").write_bytes(b"\n".join(lines))
    ran = ses_bounce("can", "--cases", "cases.jsonl")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [answer.get("decision") for answer in answers] == ["depends", None, "denied"]
    assert "error" in answers[1]


def test_cases_come_from_standard_input_too(ses_bounce: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(case().encode())))
    assert ses_bounce("can", "--cases", "-").json["dependsOn"] == ["ses:FromAddress"]


def test_who_can_says_who_where_and_by_which_statement(ses_bounce: Any) -> None:
    ran = ses_bounce("who-can", "--resource", IDENTITY, "--policy-file", "owner.json")
    assert ran.code == 0
    assert ran.out == (
        f"account {CALLER} may ses:SendBounce where ses:FromAddress like *@mail.example.com "
        "(where the caller's own account allows it) by statement Bounces of owner.json\n"
    )
    asked = ses_bounce("who-can", "--resource", IDENTITY, "--policy-file", "owner.json", "--json").json
    [found] = asked["grants"]
    assert found["witness"]["context"]["ses:FromAddress"][0].endswith("@mail.example.com")
    assert found["statements"][0]["sid"] == "Bounces"


def test_who_can_says_that_nobody_can(ses_bounce: Any) -> None:
    ran = ses_bounce(
        "who-can", "--resource", IDENTITY, "--action", "ses:SendEmail", "--policy-file", "owner.json"
    )
    assert ran.out == f"Nobody may ses:SendEmail by the policies of {IDENTITY}.\n"


def test_diff_says_what_widened_with_a_witness(ses_bounce: Any) -> None:
    ran = ses_bounce("diff", "owner.json", "wide.json")
    assert ran.code == 0
    assert ran.out.startswith(
        f"widened: account {CALLER} may now ses:SendBounce on {IDENTITY} "
        "where ses:FromAddress not like *@mail.example.com"
    )
    assert ses_bounce("diff", "owner.json", "wide.json", "--exit-code").code == 1
    assert ses_bounce("diff", "wide.json", "owner.json", "--exit-code").code == 0
    [change] = ses_bounce("diff", "wide.json", "owner.json", "--json").json["changes"]
    assert (change["direction"], change["decisions"]) == ("narrowed", {"old": "allowed", "new": "denied"})


def test_diff_says_that_nothing_changed(ses_bounce: Any) -> None:
    assert (
        ses_bounce("diff", "owner.json", "owner.json").out
        == "no change: both allow and deny the same requests\n"
    )


def test_diff_says_what_is_undecided(ses_bounce: Any) -> None:
    varied = grant(
        Principal={"AWS": CALLER}, Condition={"StringEquals": {"ses:FromAddress": "${aws:username}"}}
    )
    Path("varied.json").write_text(json.dumps(varied), encoding="utf-8")
    ran = ses_bounce("diff", "varied.json", "wide.json", "--exit-code")
    assert "undecided: policy variables" in ran.out
    assert ran.code == 1


def test_diff_reads_revisions_from_git(ses_bounce: Any) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    git("init", "--quiet")
    git("add", "owner.json")
    git("commit", "--quiet", "--message", "first")
    Path("owner.json").write_text(Path("wide.json").read_text(encoding="utf-8"), encoding="utf-8")
    assert ses_bounce("diff", "HEAD:owner.json", "owner.json").out.startswith("widened: ")


class Accounts:
    """Clients of one account's IAM, STS and SES, with what the tests need of them."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.asked: list[tuple[str, str]] = []

    def client(self, service: str, region: str) -> "Accounts":
        self.asked.append((service, region))
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": self.account}

    def get_email_identity(self, EmailIdentity: str) -> dict[str, Any]:  # noqa: N803 - SES's name
        assert EmailIdentity == "example.com"
        return {"Policies": {"sending": json.dumps(OWNERS_POLICY)}}


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Any:
    def as_account(account: str) -> Accounts:
        accounts = Accounts(account)
        monkeypatch.setattr(
            can.aws, "client", lambda service, profile, region, url: accounts.client(service, region)
        )
        return accounts

    return as_account


def test_live_reads_the_identitys_policies_in_its_account_and_region(ses_bounce: Any, live: Any) -> None:
    accounts = live(OWNER)
    ran = ses_bounce(
        *ASK, "--policy-file", "role.json", "--live", "--context", "ses:FromAddress=a@mail.example.com"
    )
    assert (ran.code, "the identity policy `sending`" in ran.out) == (0, True)
    assert ("sesv2", "us-east-1") in accounts.asked
    ran = ses_bounce("who-can", "--resource", IDENTITY, "--live")
    assert "statement Bounces of sending" in ran.out


@pytest.mark.parametrize(
    ("account", "option"), [(OWNER, "--policy-file"), (CALLER, "--resource-policy-file")]
)
def test_live_says_what_these_credentials_cannot_see(
    ses_bounce: Any, live: Any, monkeypatch: pytest.MonkeyPatch, account: str, option: str
) -> None:
    live(account)
    monkeypatch.setattr(
        live_policies.live, "caller_policies", lambda iam, principal: live_policies.PolicySet()
    )
    ran = ses_bounce(*ASK, "--live")
    assert ran.code == 2
    assert option in ran.err
