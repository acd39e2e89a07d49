"""The same scenario takes the same course, to the byte."""

from collections.abc import Callable

from lambda_cloud import Cloud
from test_poller import PARTIAL, Source

WORKER = """
import boto3, time
def handler(event, context):
    sqs = boto3.client("sqs")
    for record in event["Records"]:
        print(time.time(), record["messageId"], record["body"], {"a", "b", "c", "d", "e"})
        time.sleep(0.3)
        if len(record["body"]) < 3:
            sqs.send_message(QueueUrl="q.fifo", MessageBody=record["body"] * 2,
                             MessageGroupId=record["body"][0], MessageDeduplicationId=context.aws_request_id)
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"]
                                  if r["attributes"]["ApproximateReceiveCount"] == "1" and r["body"] == "bb"]}
"""


def run(cloud: Cloud) -> list[tuple[object, ...]]:
    source = Source(cloud)
    source.feed(WORKER, BatchSize=2, function={"Timeout": 30}, **PARTIAL)
    for group in "ab":
        source.send(group, group + "!", group=group)
    source.settle()
    assert source.left() == 0
    return [(i.request_id, i.began, i.ended, i.payload, i.log) for i in cloud.functions.invocations]


def test_the_same_scenario_takes_the_same_course(make_cloud: Callable[..., Cloud]) -> None:
    first = run(make_cloud())
    assert len(first) == 6
    assert run(make_cloud()) == first
