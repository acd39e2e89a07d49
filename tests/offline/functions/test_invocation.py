"""What an invocation is to a function and to its caller, as the Lambda Developer Guide describes it."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from lambda_cloud import ACCOUNT, START, Cloud, archive

from offline.functions import InvokeResult
from offline.timeline import Activity

ECHO = "def handler(event, context):\n    return event\n"
COUNTER = """
count = 0
def handler(event, context):
    global count
    count += 1
    if event == "exit":
        import os
        os._exit(3)
    if event == "sleep":
        import time
        time.sleep(60)
    return count
"""


def test_the_response_is_the_handlers_answer_in_json(cloud: Cloud) -> None:
    event = {"text": "naïve ✓", "nested": [1, 2.5, None, {"a": "\x00"}]}
    assert cloud.call(cloud.deploy(ECHO), event) == event


def test_events_and_responses_of_megabytes_pass(cloud: Cloud) -> None:
    event = "x" * 3_000_000
    assert cloud.call(cloud.deploy(ECHO), event) == event


def test_an_exception_in_the_handler_is_an_error_with_type_message_and_stack(cloud: Cloud) -> None:
    arn = cloud.deploy("def handler(event, context):\n    raise LookupError('no such thing')\n")
    result = cloud.invoke(arn)
    error = json.loads(result.payload)
    assert result.error == error["errorType"] == "LookupError"
    assert error["errorMessage"] == "no such thing"
    assert error["requestId"] == result.request_id
    assert "index.py" in error["stackTrace"][0]
    assert "[ERROR] LookupError: no such thing" in result.log


def test_a_module_that_cannot_be_imported_fails_the_invocation_that_needed_it(cloud: Cloud) -> None:
    result = cloud.invoke(cloud.deploy("import pulumi"))
    error = json.loads(result.payload)
    assert result.error == "Runtime.ImportModuleError"
    assert error["errorMessage"] == "Unable to import module 'index': No module named 'pulumi'"


def test_a_missing_handler_fails_the_invocation(cloud: Cloud) -> None:
    assert cloud.invoke(cloud.deploy(ECHO, Handler="index.other")).error == "Runtime.HandlerNotFound"


def test_a_sleep_takes_virtual_time_only_and_the_context_counts_it(cloud: Cloud) -> None:
    arn = cloud.deploy(
        """
import time, datetime
def handler(event, context):
    before = time.time(), time.monotonic(), context.get_remaining_time_in_millis()
    time.sleep(700.5)
    after = time.time(), time.monotonic(), context.get_remaining_time_in_millis()
    return [b - a for a, b in zip(before, after)], after[2], datetime.datetime.now(datetime.UTC).isoformat()
""",
        Timeout=900,
    )
    began = time.monotonic()
    assert cloud.call(arn) == [[700.5, 700.5, -700_500], 199_500, "2026-01-01T00:11:40.500000+00:00"]
    assert cloud.timeline.now() == START + timedelta(seconds=700.5)
    assert time.monotonic() - began < 60


def test_a_sleep_is_never_shorter_than_asked_for(cloud: Cloud) -> None:
    arn = cloud.deploy(
        """
import time
def handler(event, context):
    times = [time.time_ns()]
    for _ in range(20):
        time.sleep(0.000_000_1)
        times.append(time.time_ns())
    return [b - a for a, b in zip(times, times[1:])]
"""
    )
    assert cloud.call(arn) == [1000] * 20


@pytest.mark.parametrize("seconds", ["-1", "float('nan')"])
def test_a_sleep_of_no_length_is_refused_as_python_does(cloud: Cloud, seconds: str) -> None:
    arn = cloud.deploy(f"import time\ndef handler(event, context):\n    time.sleep({seconds})\n")
    assert cloud.invoke(arn).error == "ValueError"


def test_a_function_that_exceeds_its_timeout_is_ended_in_virtual_time(cloud: Cloud) -> None:
    arn = cloud.deploy(COUNTER)
    assert cloud.call(arn) == 1
    result = cloud.invoke(arn, "sleep")
    assert result.error == "Sandbox.Timedout"
    assert json.loads(result.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {result.request_id} Error: Task timed out after 3.00 seconds",
    }
    assert result.ended - result.began == timedelta(seconds=3)
    assert cloud.call(arn) == 1, "a new environment"


def test_a_function_that_hangs_in_real_time_has_timed_out_too(cloud: Cloud) -> None:
    arn = cloud.deploy("import threading\ndef handler(event, context):\n    threading.Event().wait(event)\n")
    cloud.call(arn, 0)
    cloud.timeline.patience = 0.1
    result = cloud.invoke(arn)
    assert result.error == "Sandbox.Timedout"
    assert result.ended - result.began == timedelta(seconds=3)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_process_that_exits_fails_its_invocation(cloud: Cloud, statement: str, reason: str) -> None:
    result = cloud.invoke(cloud.deploy(f"import os\ndef handler(event, context):\n    {statement}\n"))
    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {result.request_id} Error: {reason}",
    }


def test_an_environment_is_reused_until_it_crashes(cloud: Cloud) -> None:
    arn = cloud.deploy(COUNTER)
    assert [cloud.call(arn), cloud.call(arn)] == [1, 2]
    assert cloud.invoke(arn, "exit").error == "Runtime.ExitError"
    assert [cloud.call(arn), cloud.call(arn)] == [1, 2]


def test_a_process_killed_while_idle_is_replaced(cloud: Cloud) -> None:
    arn = cloud.deploy("import os\ndef handler(event, context):\n    return os.getpid()\n")
    first = cloud.call(arn)
    os.kill(first, 9)
    second = cloud.invoke(arn)  # depending on what comes first, its exit or the event
    assert second.error in (None, "Runtime.ExitError")
    assert cloud.call(arn) != first


def test_new_code_and_new_configuration_take_effect_on_the_next_invocation(cloud: Cloud) -> None:
    arn = cloud.deploy("import os\ndef handler(event, context):\n    return os.environ.get('V')\n")
    client = cloud.client("lambda")
    assert cloud.call(arn) is None
    client.update_function_configuration(FunctionName=arn, Environment={"Variables": {"V": "new"}})
    assert cloud.call(arn) == "new"
    client.update_function_code(
        FunctionName=arn, ZipFile=archive("def handler(event, context):\n    return 2\n")
    )
    assert cloud.call(arn) == 2


def test_invocations_at_the_same_time_have_environments_of_their_own(cloud: Cloud) -> None:
    arn = cloud.deploy(
        "import os, time\ndef handler(event, context):\n    time.sleep(event)\n    return os.getpid()\n"
    )
    results = invoke_together(cloud, arn, [2, 1])
    assert len({result.payload for result in results}) == 2
    assert [(r.ended - r.began).total_seconds() for r in results] == [2, 1]
    assert cloud.call(arn, 0) in [json.loads(result.payload) for result in results]


def test_reserved_concurrency_throttles(cloud: Cloud) -> None:
    arn = cloud.deploy("import time\ndef handler(event, context):\n    time.sleep(1)\n")
    cloud.client("lambda").put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=1)
    first, second = invoke_together(cloud, arn, [None, None])
    assert (first.error, second.error) == (None, "TooManyRequestsException")
    assert cloud.invoke(arn).error is None


def test_an_unknown_function_is_not_found(cloud: Cloud) -> None:
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:nobody"
    assert cloud.invoke(arn).error == "ResourceNotFoundException"


def test_a_published_version_keeps_running_its_own_code(cloud: Cloud) -> None:
    arn = cloud.deploy("def handler(event, context):\n    return context.function_version\n")
    version = cloud.client("lambda").publish_version(FunctionName=arn)["FunctionArn"]
    cloud.client("lambda").update_function_code(FunctionName=arn, ZipFile=archive(ECHO))
    assert cloud.call(version) == "1"
    assert cloud.call(arn, "new") == "new"


def test_the_log_is_that_of_one_invocation(cloud: Cloud) -> None:
    arn = cloud.deploy(
        "import sys\ndef handler(event, context):\n    print(event)\n    print('two', file=sys.stderr)\n"
    )
    assert [cloud.invoke(arn, "a").log, cloud.invoke(arn, "b").log] == ["a\ntwo\n", "b\ntwo\n"]


def test_of_a_long_log_the_end_is_kept(cloud: Cloud) -> None:
    arn = cloud.deploy("def handler(event, context):\n    print('x' * 1_000_000)\n    print('end')\n")
    log = cloud.invoke(arn).log
    assert len(log) == 256 * 1024
    assert log.endswith("x\nend\n")


def test_the_last_invocations_are_kept(cloud: Cloud) -> None:
    arn = cloud.deploy(ECHO)
    results = [cloud.invoke(arn, number) for number in range(3)]
    assert list(cloud.functions.invocations) == results


def test_processes_end_with_the_cloud(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud()
    process = cloud.call(cloud.deploy("import os\ndef handler(event, context):\n    return os.getpid()\n"))
    make_cloud()
    with suppress(ProcessLookupError):
        while True:  # until the suppressed error says that there is no such process
            os.kill(process, 0)


def test_an_asynchronous_invocation_is_accepted_at_once_and_retried_after_one_and_two_minutes(
    cloud: Cloud,
) -> None:
    arn = cloud.deploy("def handler(event, context):\n    raise ValueError\n")
    accepted = cloud.timeline.complete(cloud.functions.invoke(arn, b"{}", "Event"))
    assert (accepted.payload, accepted.error) == (b"", None)
    cloud.timeline.run_until_settled()
    attempts = cloud.functions.invocations
    assert [(a.began - START).total_seconds() for a in attempts] == [0, 60, 180]
    assert {a.request_id for a in attempts} == {accepted.request_id}


def test_an_asynchronous_invocation_that_succeeds_is_not_retried(cloud: Cloud) -> None:
    arn = cloud.deploy(ECHO)
    cloud.timeline.complete(cloud.functions.invoke(arn, b"{}", "Event"))
    cloud.timeline.run_until_settled()
    assert [a.error for a in cloud.functions.invocations] == [None]


def test_the_functions_event_invoke_configuration_limits_retries(cloud: Cloud) -> None:
    arn = cloud.deploy("def handler(event, context):\n    raise ValueError\n")
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName=arn, MaximumRetryAttempts=2, MaximumEventAgeInSeconds=90
    )
    cloud.timeline.complete(cloud.functions.invoke(arn, b"{}", "Event"))
    cloud.timeline.run_until_settled()
    assert len(cloud.functions.invocations) == 2


def test_a_throttled_asynchronous_invocation_is_tried_for_six_hours_and_costs_no_retry(cloud: Cloud) -> None:
    arn = cloud.deploy(ECHO)
    client = cloud.client("lambda")
    client.put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)
    cloud.timeline.complete(cloud.functions.invoke(arn, b"{}", "Event"))
    cloud.timeline.advance(timedelta(hours=5))
    assert len(cloud.functions.invocations) > 60
    client.delete_function_concurrency(FunctionName=arn)
    cloud.timeline.run_until_settled()
    assert cloud.functions.invocations[-1].error is None


def invoke_together(cloud: Cloud, arn: str, events: list[object]) -> list[InvokeResult]:
    def all_of_them() -> Activity[list[InvokeResult]]:
        started = [
            cloud.timeline.env.process(cloud.functions.invoke(arn, json.dumps(event).encode()))
            for event in events
        ]
        yield cloud.timeline.env.all_of(started)
        return [process.value for process in started]

    return cloud.timeline.complete(all_of_them())


def test_an_endless_sleep_times_out(cloud: Cloud) -> None:
    arn = cloud.deploy("import time\ndef handler(event, context):\n    time.sleep(float('inf'))\n")
    assert cloud.invoke(arn).error == "Sandbox.Timedout"
    assert cloud.timeline.now() == START + timedelta(seconds=3)


def test_a_sleep_while_the_module_is_imported_counts_against_ten_seconds_of_initialisation(
    cloud: Cloud,
) -> None:
    source = "import time\ntime.sleep(SECONDS)\ndef handler(event, context):\n    return time.time()\n"
    assert cloud.call(cloud.deploy(source.replace("SECONDS", "9"))) == START.timestamp() + 9
    assert cloud.invoke(cloud.deploy(source.replace("SECONDS", "11"))).error == "Sandbox.Timedout"


def test_a_thread_that_sleeps_beside_the_handler_does_not_lose_the_response(cloud: Cloud) -> None:
    arn = cloud.deploy(
        """
import threading, time
def handler(event, context):
    threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
    return event
"""
    )
    assert [cloud.call(arn, number) for number in range(3)] == [0, 1, 2]
