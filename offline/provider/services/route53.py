"""Amazon Route 53: simple records."""

from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.errors import ProviderError
from offline.provider.kinds import Boolean, Integer, ListOf, String
from offline.provider.schema import Property, ResourceType
from offline.provider.wire import Json

_RECORD: Mapping[str, Property] = {
    "allowOverwrite": Property(Boolean(), unread=True),
    "name": Property(required=True, replaces=True),
    "records": Property(ListOf(String(), ordered=False), required=True),
    "ttl": Property(Integer(0, 2_147_483_647), required=True),
    "type": Property(
        String(allowed=("A", "AAAA", "CAA", "CNAME", "DS", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "TXT")),
        required=True,
    ),
    "zoneId": Property(required=True, replaces=True),
}
"""``records`` and ``ttl`` are optional in pulumi-aws, for aliases, which are not provided here."""


def _fqdn(aws: Aws, record: Json) -> str:
    """The record's whole name; one that does not end in the zone's name is relative to it."""
    zone = aws.client("route53").get_hosted_zone(Id=record["zoneId"])["HostedZone"]["Name"].rstrip(".")
    name = record["name"].lower().rstrip(".")
    return name if f".{name}".endswith(f".{zone}") else f"{name}.{zone}"


def _record_set(fqdn: str, inputs: Json) -> Json:
    text = inputs["type"] == "TXT"
    values = [f'"{value}"' if text else value for value in inputs["records"]]
    return {
        "Name": fqdn,
        "Type": inputs["type"],
        "TTL": inputs["ttl"],
        "ResourceRecords": [{"Value": value} for value in values],
    }


def _found(aws: Aws, record: Json) -> Json | None:
    fqdn = _fqdn(aws, record)
    answer = aws.client("route53").list_resource_record_sets(
        HostedZoneId=record["zoneId"], StartRecordName=fqdn, StartRecordType=record["type"], MaxItems="1"
    )
    for record_set in answer["ResourceRecordSets"]:
        if (record_set["Name"], record_set["Type"]) == (f"{fqdn}.", record["type"]):
            return dict(record_set)
    return None


def _change(aws: Aws, zone: str, *changes: tuple[str, Json]) -> None:
    batch = [{"Action": action, "ResourceRecordSet": record_set} for action, record_set in changes]
    aws.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})


def _create(aws: Aws, inputs: Json) -> str:
    action = "UPSERT" if inputs.get("allowOverwrite") else "CREATE"
    _change(aws, inputs["zoneId"], (action, _record_set(_fqdn(aws, inputs), inputs)))
    return f"{inputs['zoneId']}_{inputs['name'].lower()}_{inputs['type']}"


def _read(aws: Aws, _: str, known: Json) -> Json | None:
    record_set = _found(aws, known)
    if record_set is None:
        return None
    values = [each["Value"] for each in record_set["ResourceRecords"]]
    return {
        "fqdn": record_set["Name"].rstrip("."),
        "name": known["name"],
        "records": [value.strip('"') for value in values] if record_set["Type"] == "TXT" else values,
        "ttl": record_set["TTL"],
        "type": record_set["Type"],
        "zoneId": known["zoneId"],
    }


def _update(aws: Aws, _: str, olds: Json, news: Json) -> None:
    fqdn = _fqdn(aws, news)
    changes = [("UPSERT", _record_set(fqdn, news))]
    if olds["type"] != news["type"]:
        changes.insert(0, ("DELETE", _record_set(fqdn, olds)))
    _change(aws, news["zoneId"], *changes)


def _delete(aws: Aws, _: str, state: Json) -> None:
    record_set = _found(aws, state)
    if record_set is not None:
        _change(aws, state["zoneId"], ("DELETE", record_set))


def _import_record(import_id: str) -> tuple[str, Json]:
    zone, _, rest = import_id.partition("_")
    name, separator, kind = rest.rpartition("_")
    if not separator:
        raise ProviderError(f"the import ID of a record is <zone>_<name>_<type>, not {import_id!r}")
    return import_id, {"zoneId": zone, "name": name, "type": kind}


RESOURCES = (
    ResourceType(
        "aws:route53/record:Record",
        _RECORD,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        from_import_id=_import_record,
        outputs=("fqdn",),
        regional=False,
    ),
)
