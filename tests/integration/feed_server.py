"""nginx on loopback with static feeds and every answer a publisher's server may give, while a test needs it."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CONFIG = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr notice;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
    limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/m;
    types {{ application/rss+xml xml; application/feed+json json; text/html html; }}
    gzip on; gzip_types application/rss+xml; gzip_min_length 1;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/www;
        location = /moved.xml {{ return 301 /feed.xml; }}
        location = /for-a-while.xml {{ return 302 /feed.xml; }}
        location = /gone.xml {{ return 410; }}
        location = /busy.xml {{ add_header Retry-After 120 always; return 503; }}
        location = /elsewhere.xml {{ return 301 http://localhost:9/feed.xml; }}
        location = /limited.xml {{ limit_req zone=slow; limit_req_status 429; }}
        location = /forbidden.xml {{ return 403; }}
    }}
}}
"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The base address of an nginx that serves `folder`/www; skips when nginx is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not program:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    for name in ("www", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port))
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            _until_it_listens(process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()


def _until_it_listens(process: subprocess.Popen[str]) -> None:
    told = []
    for line in process.stderr or ():
        told.append(line)
        if "nginx/" in line:  # said once it listens
            return
    pytest.fail(f"nginx did not start: {''.join(told)[-2000:]}")
