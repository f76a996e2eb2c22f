"""How the threads of numeric libraries wait in a worker; imports none of them."""

import os

WAITING = {
    # Between two layers torch's threads spin, which takes the cores from those that decode and
    # encode: on two shared cores a picture took 200 to 900 ms of processor time in place of 150.
    "OMP_WAIT_POLICY": "PASSIVE",
    # numpy's products are small here, and its threads spin too.
    "OPENBLAS_NUM_THREADS": "1",
}


def wait_asleep() -> None:
    """Let them sleep; has an effect only before numpy and torch are loaded.

    What the environment says otherwise stays.
    """
    for name, value in WAITING.items():
        os.environ.setdefault(name, value)
