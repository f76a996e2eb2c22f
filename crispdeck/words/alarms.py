"""What is said to operators when something is wrong, and the way out; one sentence each."""

from crispdeck.words.numbers import count_words, size_words


def nobody_takes_words(queue: str, waiting: int) -> tuple[str, str]:
    """Say that work waits in a queue that no worker listens to."""
    return (
        f"Nobody takes from the queue {queue}: {count_words(waiting, 'row')} waiting there.",
        "Start a worker that listens to it, or resume one that is drained.",
    )


def paused_words(queue: str, waiting: int, actor: str) -> tuple[str, str]:
    """Say that a queue stands because somebody paused it."""
    return (
        f"{actor} has paused the queue {queue}: {count_words(waiting, 'row')} waiting there.",
        "Resume it when the reason is gone.",
    )


def repeated_words(jobs: int, attempts: int) -> tuple[str, str]:
    """Say that work is begun again and again."""
    return (
        f"{count_words(jobs, 'job')} with work that was begun {attempts} times without a result.",
        "Look at its workers and tracebacks; cancel it if it takes workers down.",
    )


def disk_words(free_bytes: int, share: float) -> tuple[str, str]:
    """Say that the disk of this server is nearly full."""
    return (
        f"The disk is nearly full: {size_words(free_bytes)} are free ({100 * share:.0f} %).",
        "Delete old jobs, shorten the retention of tenants, or give the data folder more room.",
    )


def away_words(sentence: str) -> tuple[str, str]:
    """Say that something which workers need did not answer a moment ago."""
    return (
        f"Away a moment ago: {sentence}",
        "Work that needs it waits, and goes on by itself. See that it runs and can be reached.",
    )


def broker_away_words() -> tuple[str, str]:
    """Say that the broker does not answer this server."""
    return (
        "The broker does not answer.",
        "Nothing is lost: rows wait and are announced again. See that it runs and can be reached.",
    )


def sweeper_words(silent_s: float | None) -> tuple[str, str]:
    """Say that the sweep is late, or has never run."""
    since = "has never run" if silent_s is None else f"has been silent for {silent_s:.0f} s"
    way_out = (
        "Nothing is taken back from lost workers, and nothing is deleted: start it, and a worker"
        " that listens to the queue maintenance."
    )
    return f"The sweeper {since}.", way_out


def old_worker_words(node: str, version: str, ours: str) -> tuple[str, str]:
    """Say that a worker runs another version than the web server."""
    return (
        f"{node} runs Crispdeck {version}, the web server {ours}.",
        "Drain it and start it again with the same version.",
    )
