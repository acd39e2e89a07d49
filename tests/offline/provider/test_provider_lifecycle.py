"""Every resource type of the catalogue through its life: made, read, imported, changed, deleted."""

import pytest
from provider_driver import Driver, Made
from provider_samples import SAMPLES, Inputs, Sample
from pulumi.runtime.proto import provider_pb2 as proto

from offline.provider.catalogue import RESOURCES
from offline.provider.schema import DEFAULTS
from offline.provider.wire import UNKNOWN


def sample_for(driver: Driver, token: str) -> Sample:
    """The sample of a type, with all that it needs in place."""
    sample = SAMPLES[token]
    for number, (needed, inputs) in enumerate(sample.needs):
        driver.create(needed, inputs, f"needed-{number}")
    if token == "aws:route53/record:Record":
        zone = driver.client("route53").create_hosted_zone(Name="example.com", CallerReference="it")
        in_zone = {"zoneId": zone["HostedZone"]["Id"].rpartition("/")[2]}
        return Sample({**sample.inputs, **in_zone}, {**sample.changed, **in_zone})
    return sample


def assert_aws_has_what_was_asked(made: Made) -> None:
    asked = {key: value for key, value in made.inputs.items() if key != DEFAULTS}
    assert {key: made.state.get(key) for key in asked} == asked


def assert_nothing_differs(driver: Driver, made: Made, inputs: Inputs) -> None:
    assert driver.diff(made, inputs).changes == proto.DiffResponse.DIFF_NONE
    assert driver.refresh(made) == made


def assert_import_finds_the_same(driver: Driver, made: Made, token: str, sample: Sample) -> None:
    found = driver.imported(token, sample.import_id or made.id)
    assert found is not None
    assert found.id == made.id
    unread = {key for key, prop in RESOURCES[token].inputs.items() if prop.unread}
    different = {path.partition(".")[0] for path in driver.diff(found, sample.inputs).diffs}
    assert different <= unread


def assert_changes_in_place(driver: Driver, made: Made, token: str, changed: Inputs) -> Made:
    answer = driver.diff(made, changed)
    assert answer.changes == proto.DiffResponse.DIFF_SOME
    assert not answer.replaces
    after = driver.update(made, changed)
    assert_aws_has_what_was_asked(after)
    gone = made.inputs.keys() - after.inputs.keys() - set(RESOURCES[token].computed)
    assert not {key for key in gone if after.state.get(key)}
    return after


def test_every_type_has_a_sample() -> None:
    assert SAMPLES.keys() == RESOURCES.keys()


@pytest.mark.parametrize("token", SAMPLES)
def test_life(driver: Driver, token: str) -> None:
    sample = sample_for(driver, token)
    made = driver.create(token, sample.inputs)
    assert made.id
    assert set(RESOURCES[token].outputs) <= made.state.keys()
    assert_aws_has_what_was_asked(made)
    assert_nothing_differs(driver, made, sample.inputs)
    assert_import_finds_the_same(driver, made, token, sample)
    if sample.changed:
        made = assert_changes_in_place(driver, made, token, sample.changed)
        assert_nothing_differs(driver, made, sample.changed)
    driver.delete(made)
    if token != "aws:sns/topicPolicy:TopicPolicy":  # a topic always has a policy
        assert driver.refresh(made) is None
    driver.delete(made)


@pytest.mark.parametrize("token", SAMPLES)
def test_a_preview_knows_all_but_what_aws_alone_knows(driver: Driver, token: str) -> None:
    sample = sample_for(driver, token)
    shown = driver.preview(token, sample.inputs)
    made = driver.create(token, sample.inputs)
    unknown = {key for key, value in shown.items() if value == UNKNOWN}
    assert unknown == set(RESOURCES[token].computed) - made.inputs.keys()
    known = shown.keys() - unknown
    assert {key: shown[key] for key in known} == {key: made.state[key] for key in known}
