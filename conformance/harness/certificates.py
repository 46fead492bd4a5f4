"""Keys and certificates for the TLS cases, made once per run with the openssl command."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Certificates:
    """A small authority, certificates signed by it, and a stranger that nobody trusts."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._authority("ca")
        self._authority("other-ca")
        self._signed("server", "ca", "DNS:localhost,IP:127.0.0.1,IP:::1", "serverAuth,clientAuth")
        self._signed("elsewhere", "ca", "DNS:elsewhere.test", "serverAuth,clientAuth")
        self._signed("client", "ca", "DNS:client.test", "serverAuth,clientAuth")
        self._signed("stranger", "other-ca", "DNS:stranger.test,IP:127.0.0.1", "serverAuth,clientAuth")
        self._other_key_forms()

    def path(self, name: str) -> Path:
        """The file of that name, e.g. server.key, server.crt, ca.crt, server-pkcs1.key."""
        found = self.folder / name
        if not found.exists():
            raise FileNotFoundError(found)
        return found

    def _openssl(self, *words: str) -> None:
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"openssl {' '.join(words)}: {done.stderr}")

    def _authority(self, name: str) -> None:
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key",
                      "-out", f"{name}.crt", "-days", "2", "-subj", f"/CN={name}",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def _signed(self, name: str, authority: str, names: str, usage: str) -> None:
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\nextendedKeyUsage={usage}\nbasicConstraints=CA:FALSE\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key",
                      "-out", f"{name}.csr", "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key",
                      "-CAcreateserial", "-out", f"{name}.crt", "-days", "2", "-extfile", f"{name}.ext")

    def _other_key_forms(self) -> None:
        self._openssl("rsa", "-in", "server.key", "-traditional", "-out", "server-pkcs1.key")
        self._openssl("pkcs8", "-topk8", "-in", "server.key", "-out", "server-encrypted.key",
                      "-v2", "aes256", "-passout", "pass:open sesame")
        self._openssl("rsa", "-in", "server.key", "-traditional", "-aes256", "-passout", "pass:open sesame",
                      "-out", "server-legacy-encrypted.key")
        self._openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ec.key")
        (self.folder / "ec.ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        self._openssl("req", "-new", "-key", "ec.key", "-out", "ec.csr", "-subj", "/CN=ec")
        self._openssl("x509", "-req", "-in", "ec.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                      "-out", "ec.crt", "-days", "2", "-extfile", "ec.ext")
        self._openssl("dhparam", "-dsaparam", "-out", "dhparam.pem", "2048")
        chain = self.path("server.crt").read_text() + self.path("ca.crt").read_text()
        (self.folder / "chain.crt").write_text("text before the first block\n" + chain)
        (self.folder / "both-ca.crt").write_text(self.path("ca.crt").read_text() + self.path("other-ca.crt").read_text())
