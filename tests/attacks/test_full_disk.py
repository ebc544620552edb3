"""The folder for temporary files has no room."""

import io
import tempfile
from pathlib import Path

import pytest

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.web.query_service import QueryService

pytestmark = pytest.mark.faults


def test_upload(
    small_version: Version, small_service: QueryService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is uploaded to be validated is read without a temporary file."""
    text = "#" * 1_000_000
    part = 'Content-Disposition: form-data; name="file"; filename="a.ttl"'
    form = f"--X\r\n{part}\r\n\r\n{text}\r\n--X--\r\n".encode()
    application = create_app(small_version, small_service)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    with application.test_request_context(
        "/validate",
        method="POST",
        input_stream=io.BytesIO(form),
        content_type="multipart/form-data; boundary=X",
        content_length=len(form),
    ) as context:
        assert context.request.files["file"].read() == text.encode()
