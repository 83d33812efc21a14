"""Flow files of mitmproxy: of every version, and what only looks like one."""

from __future__ import annotations

import pytest

from pytest_apierrors.recordings import recognise
from pytest_apierrors.recordings.mitmproxy_flows import HOW


@pytest.mark.parametrize(
    "head", [b"2104:9:websocket;0:~8:response;", b"1873:7:version;2:21#", b"1187:8:response,921:"]
)
def test_flows(items, tmp_path, head):
    assert recognise(head, tmp_path).name == "mitmproxy"

    [error] = items(head)

    assert (error.reason, error.index, error.line) == (HOW, None, None)


@pytest.mark.parametrize(
    "head", [b"12:30:info;", b"0:7:version;", b"12:0:;", b"9" * 300, b"5:hello,", b"7:7:Version;"]
)
def test_other_texts(tmp_path, head):
    assert recognise(head, tmp_path) is None
