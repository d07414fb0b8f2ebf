"""Digest -> JSON: the names that scripts may rely on; fields are added, never renamed. Pure."""

import json
from typing import Any

from analysis.storage.entry import Entry, Obstacle, Relation
from analysis.text.unseen import escaped
from report.addresses import without_addresses
from report.digest import Digest, RepositoryDigest
from report.links import Links
from report.status import reasons_to_wait

Data = dict[str, Any]


def render_json(digest: Digest, links: Links) -> str:
    """The day as JSON text, readable and with one line feed at its end."""
    return to_text(digest_data(digest, links))


def digest_data(digest: Digest, links: Links) -> Data:
    """The day; instants are ISO 8601 with their offset, the date is a day of `timezone`."""
    return {
        "date": str(digest.date),
        "timezone": digest.timezone,
        "language": digest.language,
        "generated_at": digest.generated_at.isoformat(),
        **({"selection": digest.selection} if digest.selection else {}),
        "counts": digest.counts.model_dump(mode="json"),
        "waiting": [_reason(*each) for each in reasons_to_wait(digest.commits)],
        "repositories": [_repository(repository, links) for repository in digest.repositories],
    }


def commit_data(entry: Entry, links: Links, muted: str | None = None) -> Data:
    """One commit: what the digest says of it, its place in the history and its files."""
    entry = without_addresses(entry)
    facts = entry.facts
    return {
        "repository": entry.repository,
        "day": str(entry.day),
        "branch": entry.branch,
        **_commit(entry, links, muted),
        "parents": list(entry.landed.parents),
        "body": facts.body if facts else None,
        "committer": facts.committer if facts else None,
        "merged": facts.merged if facts else None,
        "patch_id": facts.patch_id if facts else None,
        "files": [file.model_dump(mode="json") for file in facts.files] if facts else None,
    }


def to_text(data: Data) -> str:
    """JSON as it is served: readable, in UTF-8; what nobody sees in a text stands there as an escape."""
    return escaped(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _repository(repository: RepositoryDigest, links: Links) -> Data:
    muted = {sha: each.name for each in repository.muted for sha in each.shas}
    return {
        "name": repository.name,
        "revision": repository.revision,
        "rebuilt": repository.rebuilt,
        "counts": repository.counts.model_dump(mode="json"),
        "landed": repository.landed,
        "spending": repository.spending.model_dump(mode="json")["lines"],
        "highlights": [
            highlight.model_dump(mode="json", exclude={"repository"}) for highlight in repository.highlights
        ],
        "highlights_source": "model" if repository.told else "rules",
        "groups": [group.model_dump(mode="json") for group in repository.groups],
        "skippable": [each.model_dump(mode="json") for each in repository.skippable],
        "commits": [_commit(entry, links, muted.get(entry.sha)) for entry in repository.commits],
    }


def _reason(obstacle: Obstacle | None, count: int) -> Data:
    """Why so many commits wait; the code is null as long as none was tried."""
    return {
        "count": count,
        "code": obstacle.code if obstacle else None,
        "detail": obstacle.detail if obstacle else "",
    }


def _pull_request(entry: Entry, links: Links) -> Data | None:
    """Without its body, which anyone may read where it stands."""
    pull = entry.pull_request
    if pull is None:
        return None
    url = links.pull_request(entry.repository, pull.number)
    return {"number": pull.number, "title": pull.title, "labels": list(pull.labels), "url": url}


def _related(repository: str, relation: Relation, links: Links) -> Data:
    """Another commit, and how it belongs to the one in whose list it stands."""
    return relation.model_dump(mode="json") | {"page": links.page(repository, relation.sha)}


def _commit(entry: Entry, links: Links, muted: str | None) -> Data:
    """One commit as a digest lists it; what its analysis would say is null while there is none.

    `muted` is what the mute is called that folds it, or null.
    `importance` is the one that counts: a reader's if there is a `correction`; the analysis's own is in it.
    """
    landed, analysis = entry.landed, entry.analysis
    spoken = analysis.model_dump(mode="json") if analysis else {}
    text = (
        "importance",
        "type",
        "summary",
        "scope",
        "insights",
        "risks",
        "advice",
        "claimed",
        "depth",
        "grounding",
        "language",
        "prompt_version",
        "analysed_at",
    )
    return {
        "sha": entry.sha,
        "subject": landed.subject,
        "author": landed.author,
        "authored_at": landed.authored_at.isoformat(),
        "committed_at": landed.committed_at.isoformat(),
        "landed_at": entry.landed_at.isoformat(),
        "url": links.commit(entry.repository, entry.sha),
        "state": entry.state.value,
        "obstacle": entry.obstacle.model_dump(mode="json") if entry.obstacle else None,
        "source": spoken.get("source"),
        "model": spoken.get("model"),
        "importance": entry.importance,
        "muted": muted,
        "correction": entry.correction.model_dump(mode="json") if entry.correction else None,
        "reasons": spoken.get("reasons", []),
        "analysis": {name: spoken[name] for name in text} if analysis else None,
        "coverage": spoken.get("coverage"),
        "tokens": spoken.get("tokens"),
        "cost_usd": spoken.get("cost_usd"),
        "related": [_related(entry.repository, relation, links) for relation in entry.relations],
        "pull_request": _pull_request(entry, links),
        "links": {
            "page": links.page(entry.repository, entry.sha),
            "json": links.page(entry.repository, entry.sha) + ".json",
            "markdown": links.page(entry.repository, entry.sha) + ".md",
            "digest": links.digest(entry.day, entry.repository),
        },
    }
