"""Work on files of strangers in small processes with limits of memory and of processor time.

`Pool` starts them and hands work in; `tasks` is what they can do, in terms of files and JSON. A
process that runs over a limit dies or gives up, and its caller gets a coded error; the server
that asked is no larger and no slower for it.
"""

from crispdeck.services.confined.pool import Cost, Pool, shared_pool

__all__ = ["Cost", "Pool", "shared_pool"]
