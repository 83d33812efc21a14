"""Write a picture of a page: `python tests/reports/html_picture.py PAGE.html PICTURE.png`."""

import argparse
from pathlib import Path

from html_browser import chromium


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--size", default="1200x760", help="width and height (default: 1200x760)")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--hash", default="", help="what is chosen, such as severity=error")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if given.dark else "light",
        )
        page.goto(f"{given.page.resolve().as_uri()}#{given.hash}".rstrip("#"))
        page.screenshot(path=given.picture)
    print(f"{given.picture}: {given.picture.stat().st_size} bytes")


if __name__ == "__main__":
    main()
