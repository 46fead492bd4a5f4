"""Makes the certificates of a JupyterHub with internal_ssl, as `jupyterhub --generate-certs` lays them out.

Run it inside this folder with the Python of an environment that has the certipy wanted:

    python3 -m venv old && old/bin/pip install certipy==0.1.3 pyOpenSSL==22.0.0 cryptography==36.0.2
    python3 -m venv new && new/bin/pip install certipy==0.2.3
    old/bin/python make-certipy.py make store certipy-0.1
    new/bin/python make-certipy.py upgrade store certipy-0.1
    new/bin/python make-certipy.py make other-store certipy-0.2

The stores with the keys of the authorities are not kept.
"""

import functools
import os
import shutil
import sys

from certipy import Certipy

# Who trusts whom, and the names of the pairs, are those of JupyterHub's application.
TRUST = {
    "hub-ca": ["hub-ca", "proxy-api-ca", "proxy-client-ca", "notebooks-ca", "services-ca"],
    "proxy-api-ca": ["hub-ca", "services-ca", "notebooks-ca"],
    "proxy-client-ca": ["hub-ca", "notebooks-ca"],
    "notebooks-ca": ["hub-ca", "proxy-client-ca"],
    "services-ca": ["hub-ca", "proxy-api-ca"],
}
HERE = ["IP:127.0.0.1", "DNS:localhost"]
# JupyterHub asks for five years; test data has to last.
YEARS = 100


def make(certipy, out):
    """A store as JupyterHub fills it, with one user's server; and two pairs that are none of JupyterHub's."""
    certipy.create_ca = functools.partial(certipy.create_ca, years=YEARS)
    bundles = certipy.trust_from_graph(TRUST)
    os.makedirs(out, exist_ok=True)
    for name in ["proxy-api-ca", "proxy-client-ca", "hub-ca", "notebooks-ca"]:
        shutil.copyfile(bundles[name], os.path.join(out, name + "_trust.crt"))
    make_pair(certipy, out, "hub-internal", "hub-ca", HERE)
    make_pair(certipy, out, "proxy-api", "proxy-api-ca", HERE)
    make_pair(certipy, out, "proxy-client", "proxy-client-ca", HERE)
    make_pair(certipy, out, "user-ada", "notebooks-ca", HERE + ["DNS:jupyter-ada"])
    certipy.create_ca("stranger-ca")
    make_pair(certipy, out, "stranger", "stranger-ca", HERE)
    try:
        make_pair(certipy, out, "user-expired", "notebooks-ca", HERE, years=-1)
    except ValueError:
        print("this certipy makes no certificate that is already over")


def upgrade(certipy, out):
    """Another user's server, made by a newer certipy than the store it is added to."""
    make_pair(certipy, out, "user-bob", "notebooks-ca", HERE)


def make_pair(certipy, out, name, authority, alt_names, years=YEARS):
    record = certipy.create_signed_pair(name, authority, alt_names=alt_names, years=years)
    for kind, suffix in (("key", ".key"), ("cert", ".crt")):
        target = os.path.join(out, name + suffix)
        shutil.copyfile(record["files"][kind], target)
        os.chmod(target, 0o644)


{"make": make, "upgrade": upgrade}[sys.argv[1]](Certipy(store_dir=sys.argv[2]), sys.argv[3])
