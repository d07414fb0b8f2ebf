"""What is known of a commit beside itself: its pull request, the same change before it, the budget."""

from analysis.dialogue.prompt import Context, SameChange
from analysis.models import CommitFacts, Importance, PullRequest, Reason, Sha, Verdict
from analysis.repository import Repository
from workers.pulls import reader_for
from workers.workshop import Workshop


def pull_request_of(workshop: Workshop, repository: Repository, sha: Sha) -> PullRequest | None:
    """The pull request that brought a commit, as far as GitHub tells; None without a token."""
    reader = reader_for(workshop, repository)
    return reader.of(repository.name, sha) if reader else None


def known_of(workshop: Workshop, facts: CommitFacts) -> tuple[Reason, ...]:
    """What the ledger adds to the rules' judgement: that the commit reverts one of high importance."""
    entry = workshop.ledger.entry(facts.repository, facts.sha)
    reverted = [each.sha for each in entry.relations if each.kind == "reverts"] if entry else []
    others = [workshop.ledger.entry(facts.repository, sha) for sha in reverted]
    high = [each for each in others if each and each.importance is Importance.HIGH]
    return tuple(Reason(rule="reverts-high", evidence=each.sha[:7]) for each in high)


def context_of(
    workshop: Workshop, facts: CommitFacts, verdict: Verdict, pull_request: PullRequest | None
) -> Context:
    """What goes into the prompt beside the commit, and whether only a summary is asked for."""
    depth = workshop.purse.depth(verdict.importance, workshop.now())
    return Context(
        pull_request=pull_request,
        same_change=_same_change(workshop, facts) if facts.patch_id else None,
        brief=depth == "brief",
    )


def _same_change(workshop: Workshop, facts: CommitFacts) -> SameChange | None:
    """The analysis of a commit with an equal patch that landed before this one."""
    entry = workshop.ledger.entry(facts.repository, facts.sha)
    if entry is None:
        return None
    for relation in entry.relations:
        if relation.kind == "same-change":
            other = workshop.ledger.entry(facts.repository, relation.sha)
            if other and other.model and other.landed_at < entry.landed_at:
                return SameChange(other.sha, other.model.summary)
    return None
