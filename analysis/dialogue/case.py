"""One commit as it is put to a model: what is asked for, and what is made of the reply; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.claims.corpus import Sources
from analysis.claims.filler import is_hollow, worthwhile
from analysis.claims.grounding import ground, unsupported
from analysis.dialogue.conversation import Form
from analysis.dialogue.prompt import Context, prompt_in
from analysis.diff.scope import scope_of
from analysis.importance.triage import at_least, floor
from analysis.language import Language
from analysis.model.completion import Completion
from analysis.models import Analysis, Commit, Importance, Reason, Verdict
from analysis.replies.reply import FIELDS, Reply, read_reply
from analysis.words import words_for


@dataclass(frozen=True)
class Case:
    """A commit whose secrets are masked, with all that its analysis may rest on."""

    commit: Commit
    verdict: Verdict
    context: Context
    sources: Sources

    @classmethod
    def of(cls, commit: Commit, verdict: Verdict, context: Context) -> "Case":
        """Gather the sources, once for all models."""
        same = context.same_change
        earlier = (same.sha, same.summary) if same else ()
        return cls(commit, verdict, context, Sources.of(commit, context.pull_request, earlier))

    @property
    def form(self) -> Form[Reply]:
        """What is asked for, and which claims of a reply nothing supports."""
        return Form(Reply, self._read, self._doubts)

    def _read(self, said: Completion) -> Reply:
        places = bool(self.commit.files) and not self.context.brief
        return read_reply(said.text, cut=said.cut, touches_files=places)

    def _doubts(self, reply: Reply) -> Sequence[str]:
        return unsupported(self._asked_for(reply), self.sources)

    def analysis(self, reply: Reply, language: Language, now: datetime) -> Analysis:
        """What the reply says and the commit bears out; fields beyond its importance are left out."""
        asked = self._asked_for(reply)
        found = ground(asked, self.sources, self.commit, words_for(language))
        importance = self.importance(reply)
        argument = (Reason(rule="model", evidence=found.why),) if found.why else ()
        places = "scope" in FIELDS[importance]
        return Analysis(
            source="model",
            language=language,
            type=reply.type,
            importance=importance,
            claimed=reply.importance,
            reasons=(*self.verdict.reasons, *argument),
            depth="brief" if self.context.brief else "full",
            summary=found.summary,
            scope=(found.scope or scope_of(self.commit, language)) if places else (),
            insights=found.insights,
            risks=found.risks,
            advice=found.advice,
            grounding=found.grounding,
            prompt_version=prompt_in(language).version,
            analysed_at=now,
        )

    def importance(self, reply: Reply) -> Importance:
        """As the model gave it, but never below the rules' floor."""
        return at_least(reply.importance, floor(self.verdict.reasons))

    def _asked_for(self, reply: Reply) -> Reply:
        """The fields that its importance asks for, without what fits any commit: only these are published."""
        fields = FIELDS[Importance.LOW] if self.context.brief else FIELDS[self.importance(reply)]
        said = f"{self.commit.subject}\n{self.commit.body}"
        kept = {
            "scope": reply.scope,
            "insights": tuple(each for each in reply.insights if not is_hollow(each.text, self.sources.text)),
            "risks": reply.risks,
            "advice": worthwhile(reply.advice, said),
        }
        return reply.model_copy(update={name: kept[name] if name in fields else () for name in kept})
