"""What the bench speaks by hand must be what Streamlit speaks."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from monitor.bench import sessions


@pytest.mark.parametrize("query", ["", "days=30", "indicator=Airspace&days=1+year"])
def test_a_request_is_streamlits_own_message(query: str):
    expected = BackMsg()
    expected.rerun_script.query_string = query
    assert BackMsg.FromString(sessions.request(query)) == expected


def test_the_end_of_a_run_is_told_from_other_messages():
    end, delta = ForwardMsg(hash="ab"), ForwardMsg(hash="cd" * 200)
    end.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    delta.delta.new_element.markdown.body = "x" * 70_000
    delta.metadata.delta_path.extend([0, 300])
    assert sessions.SCRIPT_FINISHED in sessions.fields(end.SerializeToString())
    assert sessions.SCRIPT_FINISHED not in sessions.fields(delta.SerializeToString())
