"""The page: files by name, every other address the page itself, programs' addresses never."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from server.page import HEADERS, PageHeaders, mount_page

PAGE = "<!doctype html><title>Lantern</title>"


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "main-3f2a.js").write_text("export {}")
    return _browser(tmp_path)


def _browser(folder: Path) -> TestClient:
    app = Starlette()
    mount_page(app, folder)
    app.add_middleware(PageHeaders)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/", "/index.html", "/alerts/3f2a", "/students/1/record"])
def test_every_place_inside_the_page_is_the_page(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["cache-control"] == "no-cache"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_a_file_named_by_its_content_may_be_kept(browser: TestClient) -> None:
    answer = browser.get("/assets/main-3f2a.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/assets/gone.js", "/api/gone", "/v1/gone"])
def test_what_is_no_place_of_the_page_is_404(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret"])
def test_no_address_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    (tmp_path / "secret").write_text("not for you")
    assert "not for you" not in _browser(folder).get(path).text


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    answer = _browser(tmp_path / "missing").get("/")
    assert answer.status_code == 503
    assert "make run" in answer.text


@pytest.mark.parametrize("path", ["/api/gone", "/v1/gone"])
def test_without_a_build_the_programs_addresses_are_404(tmp_path: Path, path: str) -> None:
    assert _browser(tmp_path / "missing").get(path).status_code == 404
