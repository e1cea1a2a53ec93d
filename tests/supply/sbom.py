"""The packages the portal runs on as CycloneDX 1.6 JSON, on standard output: ``make sbom``."""

import json
from typing import Any

from tests.supply.licences import licence
from tests.supply.locked import RUN, Package, locked


def bom() -> dict[str, Any]:
    """The same for the same lock, so it bears no time and no serial number."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "parkinglot", "bom-ref": "parkinglot"}},
        "components": [_component(one) for one in locked(RUN)],
    }


def _component(package: Package) -> dict[str, Any]:
    purl = f"pkg:pypi/{package.name}@{package.version}"
    said = licence(package)
    where = f"https://pypi.org/project/{package.name}/{package.version}/"
    hashes = [{"alg": "SHA-256", "content": one} for one in package.hashes]
    return {
        "type": "library",
        "bom-ref": f"{purl}?{package.marker}" if package.marker else purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "scope": "required" if package.is_usual else "optional",
        **({"licenses": [{"expression": said}]} if said not in {"?", "BSD"} else {}),
        "externalReferences": [{"type": "distribution", "url": where, "hashes": hashes}],
    }


if __name__ == "__main__":
    print(json.dumps(bom(), indent=1))
