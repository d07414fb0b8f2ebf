"""Secrets out of everything that leaves this machine: keys, tokens, passwords in URLs, private keys; pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote

from analysis.models import Commit, FileChange, Landed
from analysis.secret_forms import FORMS

SHORTEST = 4
"""Characters from which on a configured secret is looked for: a shorter one would mask half of every text."""
_CAPITALS = re.compile(r"[A-Z]+")


def redact(text: str) -> str:
    """The text with every secret replaced by `[masked:KIND]`; what stands around it stays."""
    shown, end = list[str](), 0
    for start, stop, kind in sorted(_secrets(text)):
        if start >= end:
            shown += [text[end:start], f"[masked:{kind}]"]
        end = max(end, stop)
    return "".join([*shown, text[end:]]) if shown else text


def redact_values(text: str, secrets: Iterable[str]) -> str:
    """The text without our own secrets, whatever they look like, also as they stand in a URL."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, "[masked]").replace(quote(secret, safe=""), "[masked]")
    return text


def masked(commit: Commit, secrets: Iterable[str] = ()) -> Commit:
    """The commit without secrets in any text of it, paths and names included: what may be kept and sent."""
    known = tuple(secrets)

    def mask(text: str) -> str:
        return redact_values(redact(text), known)

    paths = _masked_paths(commit, mask)
    texts = {name: mask(getattr(commit, name)) for name in ("subject", "body", "author", "committer")}
    files = tuple(_renamed(file, paths) for file in commit.files) if paths else commit.files
    patches = tuple(
        patch.model_copy(update={"path": paths.get(patch.path, patch.path), "text": mask(patch.text)})
        for patch in commit.patches
    )
    return commit.model_copy(update={**texts, "files": files, "patches": patches})


def without_values(commit: Landed, secrets: Iterable[str]) -> Landed:
    """What is known of a commit before it was read, without our own secrets."""
    known = tuple(secrets)
    texts = {name: redact_values(getattr(commit, name), known) for name in ("subject", "author")}
    return commit.model_copy(update=texts) if known else commit


def _masked_paths(commit: Commit, mask: Callable[[str], str]) -> dict[str, str]:
    """The paths that hold a secret; all at once, as hardly any commit has one and some have many paths."""
    paths = {path for file in commit.files for path in (file.path, file.old_path) if path}
    together = "\n".join(paths)
    if mask(together) == together:
        return {}
    return {path: shown for path in paths if (shown := mask(path)) != path}


def _renamed(file: FileChange, paths: Mapping[str, str]) -> FileChange:
    old = file.old_path and paths.get(file.old_path, file.old_path)
    return file.model_copy(update={"path": paths.get(file.path, file.path), "old_path": old})


def _secrets(text: str) -> Iterator[tuple[int, int, str]]:
    """Each with its start, its end and its kind; they may overlap."""
    lowered = _lowered(text)
    for form in FORMS:
        for landmark in form.landmarks:
            at = lowered.find(landmark)
            while at >= 0:
                span = form.secret_at(text, at)
                if span:
                    yield *span, form.kind
                at = lowered.find(landmark, max(at + 1, span[1] if span else 0))


def _lowered(text: str) -> str:
    """Of the same length: a few letters beyond ASCII become two when they are lowered."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else _CAPITALS.sub(lambda match: match[0].lower(), text)
