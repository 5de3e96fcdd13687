"""The doors of signing in and out, as a browser meets them."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from server.kit.db import Database
from server.organisation.domain import Role
from server.sign_in.passwords import hash_password
from tests.kit.organisation import Staff, make_staff

PASSWORD = "a lamp in the window"


@pytest.fixture
def staff(system_database: Database) -> Staff:
    return make_staff(system_database, Role.MODERATOR, password_hash=hash_password(PASSWORD))


def test_in_and_out(client: TestClient, staff: Staff) -> None:
    assert client.get("/api/me").status_code == 401
    answer = client.post("/api/sign-in", json={"email": staff.email, "password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get("/api/me").json()["staff_id"] == str(staff.id)
    token = client.cookies["lantern_session"]
    assert client.post("/api/sign-out").status_code == 204
    assert "lantern_session" not in client.cookies
    # The cookie that somebody kept is worth nothing now.
    client.cookies.set("lantern_session", token)
    assert client.get("/api/me").status_code == 401
    assert client.post("/api/sign-out").status_code == 204


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, staff: Staff) -> None:
    answer = client.post("/api/sign-in", json={"email": staff.email, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"))


def test_a_demonstration_without_tls_leaves_secure_out(
    app: FastAPI, client: TestClient, staff: Staff
) -> None:
    app.state.public_url = "http://127.0.0.1:8000"
    answer = client.post("/api/sign-in", json={"email": staff.email, "password": PASSWORD})
    assert "Secure" not in answer.headers["set-cookie"]


def test_a_wrong_password_is_401_and_sets_nothing(client: TestClient, staff: Staff) -> None:
    answer = client.post("/api/sign-in", json={"email": staff.email, "password": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/api/sign-in", "/api/sign-out"])
def test_another_site_s_form_is_refused(client: TestClient, staff: Staff, path: str) -> None:
    del client.headers["X-Lantern"]
    answer = client.post(path, json={"email": staff.email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
