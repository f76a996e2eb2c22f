"""Wake-ups for the workers, by Redis or by files; a lost one is sent again, so none is a truth."""

from crispdeck.jobs.wakeups import QueueName, TaskName, WakeUp
from crispdeck.queue.app import make_celery
from crispdeck.queue.sending import Queue

__all__ = ["Queue", "QueueName", "TaskName", "WakeUp", "make_celery"]
