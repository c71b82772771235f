"""The launcher's decisions, one by one."""

import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from backend.launch import install
from backend.launch.certificate import certificate_for
from backend.launch.greeting import greeting
from backend.launch.instance import is_free, only_instance, reserved_port
from backend.launch.plan import make_plan, own_secret, read_env_file
from backend.launch.processes import explained, run_once
from backend.launch.trouble import Trouble
from backend.launch.web_build import build_fingerprint


def test_plain_start_listens_on_this_machine_only(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, {})
    assert (plan.address, plan.listen_on) == ("http://localhost:3000", "127.0.0.1")
    assert plan.is_embedded
    assert plan.certificate_host is None


def test_host_means_https_for_everybody_in_the_network(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, {"HOST": "192.168.1.20", "PORT": "3100"})
    assert plan.address == "https://192.168.1.20:3100"
    assert plan.certificate_host == "192.168.1.20"
    assert plan.listen_on == "192.168.1.20", "other networks of the machine see nothing"


def test_env_file_chooses_hosted_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# comment\nSUPABASE_URL='https://x.example'\nPORT=3200\n")
    plan = make_plan(tmp_path, {"PORT": "3300"})
    assert not plan.is_embedded
    assert plan.port == 3300
    assert read_env_file(tmp_path / "none") == {}


def test_certificate_is_kept_until_the_host_changes(tmp_path: Path) -> None:
    first = certificate_for("192.168.1.20", tmp_path)
    before = first.chain.read_bytes()
    assert certificate_for("192.168.1.20", tmp_path).chain.read_bytes() == before
    names = x509.load_pem_x509_certificate(before).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert "192.168.1.20" in {
        str(address) for address in names.value.get_values_for_type(x509.IPAddress)
    }
    assert first.key.stat().st_mode & 0o077 == 0
    ssl.create_default_context().load_verify_locations(first.authority)
    assert certificate_for("192.168.1.21", tmp_path).chain.read_bytes() != before


def test_only_one_instance_holds_a_folder(tmp_path: Path) -> None:
    with only_instance(tmp_path):
        second = only_instance(tmp_path)
        with pytest.raises(Trouble, match="already running"):
            second.__enter__()
    with only_instance(tmp_path):
        pass


def test_reserved_ports_are_free_and_not_shared() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert not is_free(taken)
        with reserved_port(taken) as first, reserved_port(taken) as second:
            assert len({taken, first, second}) == 3


def test_own_secret_is_private_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "session.key"
    secret = own_secret(file)
    assert own_secret(file) == secret
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("npm error code ENOSPC", "disk is full"),
        ("npm error code EAI_AGAIN", "check the network"),
        ("something odd\n", "something odd"),
    ],
)
def test_failure_is_one_sentence(tmp_path: Path, log: str, sentence: str) -> None:
    file = tmp_path / "log"
    file.write_text(log)
    assert sentence in explained(Trouble("不行", "No:"), file).en


def test_failing_program_raises_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="last words"):
        run_once(
            ["sh", "-c", "echo last words; exit 3"],
            environ={"PATH": "/usr/bin:/bin"},
            cwd=tmp_path,
            log=tmp_path / "log",
            trouble=Trouble("不行", "No:"),
        )


def test_greeting_shows_no_demo_people_on_a_hosted_supabase() -> None:
    text = greeting("https://county.example", people_file=None)
    assert "https://county.example" in text
    assert "inbox" not in text


def test_build_fingerprint_follows_sources_only(tmp_path: Path) -> None:
    for name in ("rxconfig.py", "requirements.lock", "reflex.lock/package-lock.json", "app/a.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    first = build_fingerprint(tmp_path)
    (tmp_path / "backend" / "launch").mkdir(parents=True)
    (tmp_path / "backend" / "launch" / "run.py").write_text("y")
    assert build_fingerprint(tmp_path) == first
    (tmp_path / "app" / "a.py").write_text("z")
    assert build_fingerprint(tmp_path) != first


def test_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 0))
    with pytest.raises(SystemExit) as ended:
        install.check_python()
    assert ended.value.code == 1
    assert "Python 3.11" in capsys.readouterr().err


def test_full_disk_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "NEEDED_BYTES", 10**18)
    with pytest.raises(SystemExit):
        install.check_disk()
    assert "too full" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "became full"),
        ("WARNING: Retrying after connection broken by NewConnectionError", "check the network"),
        ("ERROR: hashes do not match", "hashes do not match"),
    ],
)
def test_pip_trouble_is_one_sentence(
    errors: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        install.explain(errors)
    assert sentence in capsys.readouterr().err
