"""Where a commit takes place, as far as the place alone matters: migrations, wire formats, schemas; pure."""

import re
from collections.abc import Iterator

from analysis.diff.paths import Kind, kind_of_file
from analysis.models import CommitFacts, Reason

SHOWN = 3
_PLACES = (
    ("migration", r"(?:.*/)?(?:migrations?|alembic/versions|db/migrate|migrate)/.+\.\w+|.*\.sql"),
    ("wire-format", r".*\.(?:proto|thrift|avsc|fbs|capnp|graphql|xsd)"),
    ("schema", r"(?:.*/)?(?:(?:openapi|swagger|schema)[^/]*\.(?:ya?ml|json|rb|graphqls)|crds?/.+)"),
    ("command-table", r"(?:.*/)?commands/[^/]+\.json"),
)
_PATTERNS = tuple((rule, re.compile(pattern, re.DOTALL)) for rule, pattern in _PLACES)


def places(facts: CommitFacts) -> Iterator[Reason]:
    """One reason for each sort of place that is touched, with the first paths."""
    carrying = [file.path for file in facts.files if kind_of_file(file) in {Kind.CORE, Kind.BUILD}]
    for rule, pattern in _PATTERNS:
        touched = [path for path in carrying if pattern.fullmatch(path)]
        if touched:
            more = f" +{len(touched) - SHOWN}" if len(touched) > SHOWN else ""
            yield Reason(rule=rule, evidence=", ".join(touched[:SHOWN]) + more)
