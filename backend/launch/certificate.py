"""A certificate for one address, so that a phone in the same network gets HTTPS.

Cameras and Secure cookies need HTTPS everywhere but on this machine itself. The certificate is
our own, so the phone asks once whether to trust it; that is for trying, not for production.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where its parts lie; `authority` is what our own programs trust."""

    chain: Path
    key: Path
    authority: Path


def certificate_for(host: str, folder: Path) -> Certificate:
    """The certificate of `host`, made on first use and kept until the host changes."""
    certificate = Certificate(folder / "site.pem", folder / "site.key", folder / "authority.pem")
    note = folder / "host"
    if note.exists() and note.read_text("utf-8") == host and certificate.key.exists():
        return certificate
    folder.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    authority = trustme.CA(organization_name="OneTrip (this machine only)")
    # Our own programs reach the same server by loopback.
    issued = authority.issue_cert(host, "localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(str(certificate.authority))
    certificate.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    certificate.key.touch(mode=0o600)
    os.chmod(certificate.key, 0o600)
    certificate.key.write_bytes(issued.private_key_pem.bytes())
    note.write_text(host, "utf-8")
    return certificate
