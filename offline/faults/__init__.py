"""Faults by a schedule: calls that fail, are throttled, hang, are answered late, lost or executed twice.

The schedule is a JSON file. Each fault selects calls, says which of them it hits, and what then happens:

    {"faults": [
      {"service": "ses", "action": "SendBounce", "every": 3, "effect": {"throttle": true}},
      {"service": "sqs", "principal": "*:assumed-role/*sender*", "nth": [1, 4], "effect": {"hang": true}},
      {"service": "dynamodb", "probability": 0.1, "seed": 7, "from": "2026-01-01T00:00:00Z",
       "until": "2026-01-01T06:00:00Z",
       "effect": {"error": {"code": "InternalServerError", "status": 500, "message": "Internal error"}}}
    ]}

Selecting (`*` and `?` are wildcards, what is left out selects everything): `service` and `action` as botocore
names them (sesv2, cloudwatch; SendMessageBatch), `principal` the caller's ARN, `from` and `until` the time of
the cloud's own clock. Hitting, counted over the calls selected, from 1: `nth` (a number or a list), `every`
n-th, `probability` with a `seed`; a call is hit when all that are given agree. The first fault to hit counts.

Effects, one of them:
    error     answer this error; the call is not executed
    throttle  answer the service's own throttling error; the call is not executed
    hang      never answer; the call is not executed
    late      answer so many seconds late; the call is executed
    drop      "before" or "after" executing, close the connection without an answer
    twice     execute the call twice and give the second answer

The same schedule over the same calls always gives the same faults.

Virtual time cannot wait, so a late answer leaves at once with the header `x-offline-answer-after: SECONDS`
(`inf` for one that hangs), and the client obeys it: it lets its own clock run by that time or by its socket's
timeout, whichever is shorter, and in the second case raises TimeoutError where it reads the response. With
`hold` the server waits instead, for clients that know nothing of the header.
"""

from offline.faults.effects import ANSWER_AFTER, AnswerLostError, Effect
from offline.faults.schedule import Fault, Faults, ScheduleError, parse_schedule, read_schedule

__all__ = [
    "ANSWER_AFTER",
    "AnswerLostError",
    "Effect",
    "Fault",
    "Faults",
    "ScheduleError",
    "parse_schedule",
    "read_schedule",
]
