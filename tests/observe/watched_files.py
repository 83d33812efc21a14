"""Test files that are watched: one for each way to mock, and what all of them know."""

from __future__ import annotations

LIE = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}
TRUE = {"error": {"code": "bad_request", "message": "no"}}


def line_of(text, project):
    lines = (project.path / "test_it.py").read_text("utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if text in line)


MOCKS = {
    "responses": """
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)  # told
    requests.post(URL)
""",
    "transport": """
def test_it():
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json=LIE))  # told
    with httpx.Client(transport=transport) as client:
        client.post(URL)
""",
    "asyncio": """
def test_it():
    async def ask():
        transport = httpx.MockTransport(lambda _: httpx.Response(400, json=LIE))  # told
        async with httpx.AsyncClient(transport=transport) as client:
            await client.post(URL)
    asyncio.run(ask())
""",
    "anyio": """
@pytest.mark.anyio
async def test_it():
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json=LIE))  # told
    async with httpx.AsyncClient(transport=transport) as client:
        await client.post(URL)

@pytest.fixture
def anyio_backend():
    return "asyncio"
""",
    "thread": """
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)  # told
    thread = threading.Thread(target=requests.post, args=(URL,))
    thread.start()
    thread.join()
""",
    "fixture": """
@pytest.fixture
def received():
    with responses.RequestsMock() as mock:
        mock.post(URL, status=400, json=LIE)  # told
        return requests.post(URL)

def test_it(received):
    assert received.status_code == 400
""",
    "unittest": """
class TestIt(unittest.TestCase):
    @responses.activate
    def test_it(self):
        responses.post(URL, status=400, json=LIE)  # told
        requests.post(URL)
""",
    "given": """
@settings(max_examples=30, database=None)
@given(number=st.integers())
def test_it(number):
    with responses.RequestsMock() as mock:
        mock.post(URL, status=400, json=LIE)  # told
        requests.post(URL, json=number)
""",
    "module": """
MADE = responses.Response("POST", URL, status=400, json=LIE)  # told

@responses.activate
def test_it():
    responses.add(MADE)
    requests.post(URL)
""",
}
