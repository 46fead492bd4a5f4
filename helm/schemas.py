"""Holds every rendered document against Kubernetes' own JSON schemas: those of the oldest version that the chart takes, and
of the newest that there are. Fields that are missing, unknown or of a wrong type are errors.

Errors are planted first, and have to be found.
"""

import copy
import re
import sys
from pathlib import Path

import kubernetes_validate
import yaml

# Kubernetes itself has no schema of these: KubernetesTypes in src/test looks at their fields and types, nothing at what
# they must have.
WITHOUT_SCHEMA = {"HTTPRoute", "PodMonitor", "PrometheusRule", "ServiceMonitor"}


def main():
    here = Path(__file__).parent
    oldest = re.search(r'^kubeVersion: ">=(\d+\.\d+)\.', (here / "jove/Chart.yaml").read_text(), re.MULTILINE).group(1)
    versions = [oldest, kubernetes_validate.latest_version()]
    documents = [
        (file.name, document)
        for file in sorted((here / "target/rendered").glob("*.yaml"))
        for document in yaml.safe_load_all(file.read_text())
        if document
    ]
    if not documents:
        sys.exit("schemas: nothing is rendered (expected: documents in target/rendered)")

    for version in versions:
        plant(documents, version)
    wrong, checked = [], 0
    for version in versions:
        for name, document in documents:
            if document["kind"] in WITHOUT_SCHEMA:
                continue
            checked += 1
            error = fault(document, version)
            if error:
                wrong.append(f"{name}: {document['kind']}: {error} (Kubernetes {version})")
    print(f"schemas: {checked} documents of Kubernetes {' and '.join(versions)}, {len(wrong)} wrong")
    print(f"schemas: not looked at: {', '.join(sorted({d['kind'] for _, d in documents} & WITHOUT_SCHEMA))}")
    if wrong:
        sys.exit("\n".join(wrong))


def fault(document, version):
    """What is wrong with the document, or nothing."""
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as e:
        return f"{'.'.join(map(str, e.path))}: {e.message}"
    except kubernetes_validate.SchemaNotFoundError as e:
        return e.message
    return None


def plant(documents, version):
    """Ends unless each of these errors is found."""
    deployment = next(d for _, d in documents if d["kind"] == "Deployment")
    service = next(d for _, d in documents if d["kind"] == "Service")
    plants = [
        ("a selector that is missing", deployment, lambda d: d["spec"].pop("selector")),
        ("a container without a name", deployment, lambda d: container(d).pop("name")),
        ("a port without its number", service, lambda d: d["spec"]["ports"][0].pop("port")),
        ("an unknown field", deployment, lambda d: container(d).update(imagePulPolicy="Always")),
        ("a text in place of a number", deployment, lambda d: d["spec"].update(replicas="one")),
        ("an unknown kind", service, lambda d: d.update(kind="Servise")),
    ]
    for what, document, harm in plants:
        harmed = copy.deepcopy(document)
        harm(harmed)
        if fault(document, version) or not fault(harmed, version):
            sys.exit(f"schemas: {what} would not be found in Kubernetes {version}")


def container(workload):
    return workload["spec"]["template"]["spec"]["containers"][0]


if __name__ == "__main__":
    main()
