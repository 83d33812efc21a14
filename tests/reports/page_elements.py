"""A page of HTML taken apart, as a browser without scripts has it."""

import json
from html.parser import HTMLParser

from html_runs import (
    page_of,
)


class Page(HTMLParser):
    """The elements of a page, with their attributes and texts, as a browser without scripts."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.open = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag not in ("meta", "br"):
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element[2].append(data)

    def all(self, tag, **wanted):
        return [
            "".join(text)
            for name, attributes, text in self.elements
            if name == tag and all(attributes.get(key) == one for key, one in wanted.items())
        ]

    @property
    def policy(self):
        return next(
            attributes["content"]
            for name, attributes, _ in self.elements
            if name == "meta" and "http-equiv" in attributes
        )

    @property
    def data(self):
        (text,) = self.all("script", type="application/json")
        return json.loads(text)


def parsed(run):
    return Page(page_of(run))
