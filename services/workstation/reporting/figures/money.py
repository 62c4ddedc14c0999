"""Figures `funding.*` and `pay.*`: yearly rates, base pay and insurances, before and now."""

from services.workstation.reporting.domain import (
    FEN_PER_YUAN,
    Figure,
    FigureValue,
    Source,
    Unit,
    ratio,
    yuan,
)
from services.workstation.reporting.facts import (
    BaseSteps,
    CommunityBuildingFacts,
    Rate,
    RateChange,
)
from shared.kernel.text import Text

_IN_YUAN = Text("分子分母以元为单位", "numerator and denominator in yuan")
_IN_FEN = Text("分子分母以分为单位", "numerator and denominator in fen")
_INFERRED = Text(
    "原始资料数字不清，系推定值", "read from an illegible original: an inferred number"
)


def funding_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """The three yearly rates before and now, and the rise of the first."""
    rates = facts.funding_rates
    return (
        *_rate("per_post_per_year", Text("每岗位年经费", "Per post a year"), rates.per_post),
        rise("funding.per_post_per_year.rise", rates.per_post),
        *_rate(
            "per_community_per_year",
            Text("每社区年工作经费", "Per community a year"),
            rates.per_community,
        ),
        *_rate(
            "per_factory_community_per_year",
            Text("每厂居年工作经费", "Per factory community a year"),
            rates.per_factory_community,
        ),
    )


def rise(key: str, change: RateChange) -> Figure:
    """By how much of the former rate the rate has grown."""
    before, after = change.before, change.after
    known = before is not None and after is not None and before.fen > 0
    grown = after.fen - before.fen if before is not None and after is not None else 0
    base = before.fen if before is not None else 0
    whole = grown % FEN_PER_YUAN == base % FEN_PER_YUAN == 0
    unit = FEN_PER_YUAN if whole else 1
    return Figure(
        key=key,
        label=Text("每岗位年经费增幅", "Rise of the rate per post"),
        value=ratio(grown, base) if known else None,
        unit=Unit.RATIO,
        source=Source.FUNDING_RATES,
        numerator=grown // unit if known else None,
        denominator=base // unit if known else None,
        note=(_IN_YUAN if whole else _IN_FEN) if known else None,
        inferred=any(rate is not None and rate.inferred for rate in (before, after)),
    )


def pay_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """Monthly base pay by step, before and now, and the insurances paid."""
    return (
        _steps("before", Text("原月基本工资档次", "Former monthly base pay"), facts.pay.before),
        _steps("after", Text("现月基本工资档次", "Monthly base pay now"), facts.pay.after),
        Figure(
            key="pay.insurances",
            label=Text("社会保险险种", "Insurances"),
            value=tuple(insurance.value for insurance in facts.pay.insurances),
            unit=Unit.NAMES,
            source=Source.PAY,
        ),
    )


def _rate(key: str, label: Text, change: RateChange) -> tuple[Figure, ...]:
    return (
        _of_rate(
            f"{key}.before", Text(f"{label.zh}（原）", f"{label.en}, formerly"), change.before
        ),
        _of_rate(f"{key}.after", Text(f"{label.zh}（现）", f"{label.en}, now"), change.after),
    )


def _of_rate(key: str, label: Text, rate: Rate | None) -> Figure:
    return Figure(
        key=f"funding.{key}",
        label=label,
        value=None if rate is None else yuan(rate.fen),
        unit=Unit.YUAN_PER_YEAR,
        source=Source.FUNDING_RATES,
        note=None if rate is None else _since(rate),
        inferred=rate is not None and rate.inferred,
    )


def _since(rate: Rate) -> Text:
    day = rate.since.isoformat()
    text = Text(f"{day} 起执行", f"since {day}")
    if not rate.inferred:
        return text
    return Text(f"{text.zh}；{_INFERRED.zh}", f"{text.en}; {_INFERRED.en}")


def _steps(key: str, label: Text, steps: BaseSteps | None) -> Figure:
    return Figure(
        key=f"pay.monthly_base_steps.{key}",
        label=label,
        value=None if steps is None else in_yuan(steps.fen),
        unit=Unit.YUAN_PER_MONTH,
        source=Source.PAY,
        note=None
        if steps is None
        else Text(f"{steps.since.isoformat()} 起执行", f"since {steps.since.isoformat()}"),
    )


def in_yuan(fen: tuple[int, ...]) -> FigureValue:
    """Several amounts in yuan: ints where all are whole, else written out."""
    amounts = [yuan(amount) for amount in fen]
    whole = tuple(amount for amount in amounts if isinstance(amount, int))
    return whole if len(whole) == len(amounts) else tuple(f"{amount:f}" for amount in amounts)
