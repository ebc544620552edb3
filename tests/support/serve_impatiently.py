"""Serve a dataset as `forumkg serve` does, but wait for clients a second at the most: ROOT DATA GRACE."""

import sys
from dataclasses import replace
from pathlib import Path

from forumkg.cli.serve import serve
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
from forumkg.web.http.limits import ServerLimits
from forumkg.web.http.listener import listen
from forumkg.web.logs import configure
from forumkg.web.policy import Policy
from forumkg.workers.pool import Limits

LIMITS = ServerLimits(header_seconds=1.0, unread_seconds=1.0, body_seconds=1.0)

if __name__ == "__main__":
    root, data = map(Path, sys.argv[1:3])
    with configure("warning", sys.stderr) as log:
        serve(
            open_version(data, source_files(root), ontology_dir=root / "ontology"),
            listen("127.0.0.1", 0, LIMITS),
            data=data,
            limits=Limits(timeout=60.0),
            policy=Policy(client_seconds=0, client_errors=0),
            log=log,
            server_limits=replace(LIMITS, grace_seconds=float(sys.argv[3])),
        )
