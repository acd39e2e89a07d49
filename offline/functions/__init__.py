"""AWS Lambda on this machine: deployed functions in processes of their own, and SQS as their event source."""

from offline.functions.backend import install
from offline.functions.emf import Metric, metrics
from offline.functions.functions import Functions
from offline.functions.result import InvokeResult

__all__ = ["Functions", "InvokeResult", "Metric", "install", "metrics"]
