"""The two AMI accounts publishing needs."""

from dataclasses import dataclass

from lots.ami import AmiAddress


@dataclass(frozen=True, slots=True)
class Accounts:
    """``publish`` writes configuration; ``watch`` sees calls (class ``call``), and is the bridge's own."""

    publish: AmiAddress
    watch: AmiAddress
