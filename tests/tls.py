"""Certificates made on the spot: good ones, expired ones, for other hosts, signed by nobody; and the TLS of old."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


class Authority:
    """An authority of a test; `bundle` is the file that a crawl trusts as SSL_CERT_FILE."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("测试用根证书")
        self._certificate = self._sign(self._key, self._name, "", (NOW - HOUR, NOW + HOUR), is_authority=True)
        self.bundle = folder / "authority.pem"
        self.bundle.write_bytes(_pem(self._certificate))

    def context(self, address: str = "127.0.0.1", *, expired: bool = False, alone: bool = False) -> ssl.SSLContext:
        """Return a server's context for an address; `alone`: the certificate vouches for itself only."""
        span = (NOW - 2 * HOUR, NOW - HOUR) if expired else (NOW - HOUR, NOW + HOUR)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(key, _name("服务器"), address, span, by_itself=alone)
        path = self._folder / f"server-{len(list(self._folder.iterdir()))}.pem"
        path.write_bytes(_private(key) + _pem(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(
        self,
        key: ec.EllipticCurvePrivateKey,
        subject: x509.Name,
        address: str,
        span: tuple[datetime, datetime],
        *,
        is_authority: bool = False,
        by_itself: bool = False,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if by_itself else self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(span[0])
            .not_valid_after(span[1])
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if address:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(key if by_itself else self._key, hashes.SHA256())


def of_old(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make a server that knows TLS 1.0 and nothing newer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
