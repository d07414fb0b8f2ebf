"""Words that fill a field and help nobody, in Chinese and English; pure.

The lists come from readings of published digests: praise, what is said to be negligible, advice that fits any
commit.
"""

import re
from collections.abc import Iterable

_PHRASES = re.compile(
    r"(?:可以|可|几乎可以?)?忽略不计|可以?忽略|微乎其微|零拷贝|零成本|(?:缩小|减少|降低)了?攻击面|"
    r"总体而言|总体来[说看]|总的来说|综上所述|整体来看|"
    r"(?:可以?)?(?:放心|安全地?)(?:上线|升级|部署|推广)|风险可控|收益显著|"
    r"(?:极大|大幅|显著|有效)(?:地)?(?:提升|提高|增强|改善)了?(?:代码|系统|项目|整体)?的?"
    r"(?:可维护性|可读性|健壮性|可扩展性|灵活性|用户体验|稳定性)|"
    r"便于(?:以后|后续)?(?:维护|扩展)|逻辑清晰|符合最佳实践|旧版(?:本)? ?Python|较?旧的 Python|"
    r"\b(?:negligible|zero[- ]copy|zero[- ]cost|(?:smaller|reduced?s?|reducing the) attack surface|"
    r"overall,|in summary|in conclusion|safe to (?:roll out|deploy|upgrade|merge)|"
    r"(?:greatly|significantly|vastly) (?:improves?|enhances?) (?:the )?(?:code |overall )?"
    r"(?:maintainability|readability|robustness|flexibility|stability)|"
    r"easier to maintain|follows best practices|best practices?|older? (?:versions? of )?python)",
    re.IGNORECASE,
)
_CHORE = re.compile(
    r"(?:补充|增加|添加|加入|完善|编写|撰写|更新|同步|新增|加强|完成).{0,24}?"
    r"(?:文档|README|说明|注释|测试|用例|监控|告警|报警|日志|埋点)|"
    r"(?:密切|持续|重点)?(?:关注|留意)(?:后续|相关|该|此|其)|(?:密切|持续)(?:关注|监控|观察)|"
    r"(?:进行|做好|开展|执行|跑一次).{0,12}?(?:充分|全面|完整|回归|压力|性能)?.{0,6}?(?:测试|验证|评估|审查|审计)|"
    r"(?:在)?(?:测试|预发|灰度)环境.{0,8}?(?:验证|测试)|"
    r"\b(?:add|write|extend|improve|update|expand|consider adding|ensure|include)\b.{0,48}?"
    r"\b(?:documentation|docs|readme|tests?|test coverage|monitoring|logging|alerts?|comments)\b|"
    r"\b(?:keep an eye on|monitor closely|closely monitor|"
    r"monitor (?:the )?(?:performance|logs|metrics|behavior|behaviour))\b|"
    r"\btest (?:it |this |the change )?(?:thoroughly|in (?:a )?staging)\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\W*[^：:。.]{0,12}?(?:文档|测试|监控|告警|报警|日志|培训|性能评估|性能回归|回归检查|审计|回滚方案|回退方案|"
    r"\b(?:documentation|docs|tests?|testing|monitoring|logging|alerting|training)\b)[^：:。.]{0,8}[：:]",
    re.IGNORECASE,
)
"""The heading of advice that its maintainers may want: `**文档更新**：`, `Testing:`."""
_DESTRUCTIVE = re.compile(
    r"(?:删除|清空|清理|移除|销毁)(?:掉)?.{0,10}?(?:数据|卷|PVC|目录|缓存|数据库|表|索引|备份|文件)|"
    r"回滚|(?:回退|降级)(?:到)?(?:此|本|该|旧|上一|之前|原)|"
    r"\b(?:delete|remove|drop|wipe|purge|destroy)\b.{0,32}?"
    r"\b(?:data|volumes?|pvcs?|director(?:y|ies)|caches?|databases?|tables?|index(?:es)?|backups?)\b|"
    r"\broll(?:ing)? ?back\b|\brevert (?:to|this|the)\b|\bdowngrade\b",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(
    r"rm -rf|drop (?:table|database|index)|deletes?|deleting|deletion|remov|wipe|purge|flush|"
    r"roll(?:ing)?[- ]?back|revert|downgrad|migrat|删除|清空|回滚|回退|降级",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`\n]+`")


def filler_in(text: str, source: str = "") -> tuple[str, ...]:
    """The phrases of a text that say nothing, each once; one that the source itself uses is no filler."""
    lowered = source.lower()
    found = dict.fromkeys(match[0] for match in _PHRASES.finditer(text))
    return tuple(phrase for phrase in found if phrase.lower() not in lowered)


def is_hollow(text: str, source: str = "") -> bool:
    """Whether a text consists of such phrases and names nothing in particular."""
    return _CODE.search(text) is None and bool(filler_in(text, source))


def is_chore(advice: str) -> bool:
    """Whether advice fits any commit: write documents or tests, watch, verify, and nothing in particular."""
    if _TOPIC.match(advice):
        return True
    return _CODE.search(advice) is None and _CHORE.search(advice) is not None


def is_destructive(advice: str) -> bool:
    """Whether advice would have data deleted or a version rolled back."""
    return _DESTRUCTIVE.search(advice) is not None


def worthwhile(advice: Iterable[str], message: str) -> tuple[str, ...]:
    """The advice to keep.

    Args:
        advice: what a model recommends.
        message: what the commit's authors say of it; destructive advice stays if they speak of such a thing.
    """
    evidence = _EVIDENCE.search(message) is not None
    return tuple(each for each in advice if not is_chore(each) and (evidence or not is_destructive(each)))
