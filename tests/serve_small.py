"""Serve a dataset in a folder, as `forumkg serve` serves the packaged one: ROOT DATA PORT."""

import sys
from pathlib import Path

from forumkg.cli.serve import serve
from forumkg.engine.versions import open_version
from forumkg.model.files import source_files

if __name__ == "__main__":
    root, data, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    version = open_version(data, source_files(root), ontology_dir=root / "ontology")
    serve(version, "127.0.0.1", port, data)
