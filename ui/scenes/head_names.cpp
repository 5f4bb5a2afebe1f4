#include "ui/scenes/head_names.h"

#include <QCoreApplication>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct HeadNamesWords {
    Q_DECLARE_TR_FUNCTIONS(HeadNames)
};

QString patternTitle(const std::optional<SourcePattern>& pattern) {
    return pattern ? shown(pattern->title) : HeadNamesWords::tr("agreement");
}

QString patternKeys(const std::optional<SourcePattern>& pattern) {
    return pattern ? shown(pattern->keys) : HeadNamesWords::tr("the keys that the answer comes from (this task has none)");
}

QString kindTitle(HeadKind kind, const std::optional<SourcePattern>& pattern) {
    switch (kind) {
        case HeadKind::answer:
            return patternTitle(pattern);
        case HeadKind::previousToken:
            return HeadNamesWords::tr("previous token");
        case HeadKind::nextToken:
            return HeadNamesWords::tr("next token");
        case HeadKind::duplicateToken:
            return HeadNamesWords::tr("same token");
        case HeadKind::induction:
            return HeadNamesWords::tr("induction");
        case HeadKind::firstToken:
            return HeadNamesWords::tr("first token");
        case HeadKind::diagonal:
            return HeadNamesWords::tr("self");
        case HeadKind::uniform:
            return HeadNamesWords::tr("uniform");
        case HeadKind::mixed:
            break;
    }
    return HeadNamesWords::tr("mixed");
}

}  // namespace

QString massPlace(HeadMetric metric, const std::optional<SourcePattern>& pattern, bool cross) {
    switch (metric) {
        case HeadMetric::agreement:
            return patternKeys(pattern);
        case HeadMetric::diagonal:
            return cross ? HeadNamesWords::tr("the source's position with the query's own number")
                         : HeadNamesWords::tr("the query's own position");
        case HeadMetric::previousToken:
            return cross ? HeadNamesWords::tr("the source's position one below the query's number")
                         : HeadNamesWords::tr("the position before the query");
        case HeadMetric::nextToken:
            return cross ? HeadNamesWords::tr("the source's position one above the query's number")
                         : HeadNamesWords::tr("the position after the query");
        case HeadMetric::duplicateToken:
            return HeadNamesWords::tr("earlier copies of the query's token");
        case HeadMetric::induction:
            return HeadNamesWords::tr("what followed earlier copies of the query's token");
        case HeadMetric::firstToken:
            return cross ? HeadNamesWords::tr("the source's first position") : HeadNamesWords::tr("the first position");
        default:
            return {};
    }
}

QString metricTitle(HeadMetric metric, const std::optional<SourcePattern>& pattern) {
    switch (metric) {
        case HeadMetric::agreement:
            return patternTitle(pattern);
        case HeadMetric::entropy:
            return HeadNamesWords::tr("entropy");
        case HeadMetric::effectiveKeys:
            return HeadNamesWords::tr("eff. keys");
        case HeadMetric::meanDistance:
            return HeadNamesWords::tr("distance");
        case HeadMetric::diagonal:
            return HeadNamesWords::tr("self");
        case HeadMetric::previousToken:
            return HeadNamesWords::tr("previous");
        case HeadMetric::nextToken:
            return HeadNamesWords::tr("next");
        case HeadMetric::duplicateToken:
            return HeadNamesWords::tr("same");
        case HeadMetric::induction:
            // Where induction is the task itself, the agreement bears the name.
            return patternTitle(pattern) == HeadNamesWords::tr("induction") ? HeadNamesWords::tr("prefix")
                                                                            : HeadNamesWords::tr("induction");
        case HeadMetric::firstToken:
            return HeadNamesWords::tr("first");
        case HeadMetric::symmetry:
            break;
    }
    return HeadNamesWords::tr("asymm.");
}

QString metricHelp(HeadMetric metric, const std::optional<SourcePattern>& pattern) {
    switch (metric) {
        case HeadMetric::agreement:
            return HeadNamesWords::tr(
                       "Agreement with the task: mean over the queries with an answer of the weight on %1.\n"
                       "1 = looks exactly where the answer stands.")
                .arg(patternKeys(pattern));
        case HeadMetric::entropy:
            return HeadNamesWords::tr(
                "Entropy: mean over i of H\u1D62 / ln(keys visible to i), H\u1D62 = \u2212\u03A3\u2C7C A\u1D62\u2C7C ln A\u1D62\u2C7C.\n"
                "0 = one key, 1 = uniform over what the query may see. With a sink A is what the keys get, each row divided by its sum.");
        case HeadMetric::effectiveKeys:
            return withTerm(
                HeadNamesWords::tr("Effective keys: mean over i of exp(H\u1D62).\nHow many keys a query really uses: 1 = one key."),
                QStringLiteral("effective_keys"));
        case HeadMetric::meanDistance:
            return HeadNamesWords::tr(
                "Distance: mean over i of \u03A3\u2C7C A\u1D62\u2C7C |i \u2212 j|.\nHow far a query looks on average, in positions. A "
                "dash: the keys are slots of a bottleneck, which have no places.");
        case HeadMetric::diagonal:
            return HeadNamesWords::tr(
                "Self (diagonal): mean of A\u1D62\u1D62.\nThe share of its weight that a query leaves on its own position; in "
                "cross-attention on the source's position of the same number. A dash: the keys are slots of a bottleneck.");
        case HeadMetric::previousToken:
            return HeadNamesWords::tr(
                "Previous token: mean over i \u2265 1 of A(i, i \u2212 1).\n1 = every query looks at the position before it; in "
                "cross-attention at the source's position one below its number. A dash: the keys are slots of a bottleneck.");
        case HeadMetric::nextToken:
            return HeadNamesWords::tr(
                "Next token: mean of A(i, i + 1).\n1 = every query looks at the position after it (0 in causal heads, which cannot); in "
                "cross-attention at the source's position one above its number. A dash: the keys are slots of a bottleneck.");
        case HeadMetric::duplicateToken:
            return HeadNamesWords::tr(
                "Same token (duplicate): mean of the weight on j < i with t\u2C7C = t\u1D62, over the queries whose token came before.\n"
                "A dash: no token of this input comes twice, or a cross-attention, whose two sides are not compared.");
        case HeadMetric::induction:
            return HeadNamesWords::tr(
                "Induction (prefix matching): mean of the weight on j \u2264 i with t(j \u2212 1) = t\u1D62, over the queries whose token "
                "came before.\n1 = looks at what followed last time. A dash: no token of this input comes twice, or a cross-attention, "
                "whose two sides are not compared.");
        case HeadMetric::firstToken:
            return HeadNamesWords::tr(
                "First token: mean of A(i, 0).\n1 = every query looks at the first position: often a head that has nothing to do. A dash: "
                "the keys are slots of a bottleneck.");
        case HeadMetric::symmetry:
            break;
    }
    return HeadNamesWords::tr(
        "Asymmetry of the scores: \u2016S \u2212 S\u1D40\u2016 / \u2016S + S\u1D40\u2016, Frobenius, before the mask.\n"
        "0 = symmetric, as where keys serve as queries, unless a learned term of distances is added or keys are divided by their lengths; "
        "near 1 = no relation between score and mirrored score. "
        "A dash: a cross-attention, whose queries and keys are not of the same side.");
}

QString metricText(HeadMetric metric, double value) {
    if (std::isnan(value)) return QStringLiteral("\u2013");
    const bool places = metric == HeadMetric::effectiveKeys || metric == HeadMetric::meanDistance;
    return fixed(value, places ? 1 : 2);
}

HeadBadge headBadge(const HeadMetrics& metrics, const std::optional<SourcePattern>& pattern, bool cross) {
    const HeadKind kind = headKind(metrics);
    HeadBadge badge{kindTitle(kind, pattern), Badge::Kind::other, {}};
    if (kind == HeadKind::uniform) {
        badge.kind = Badge::Kind::uniform;
        badge.help = HeadNamesWords::tr(
                         "uniform: uses %1 of %2 visible keys (from %3 on). What it gives is nearly their average; whether the answers "
                         "rest on that, "
                         "switching it off and making it uniform shows.")
                         .arg(fixed(metrics[HeadMetric::effectiveKeys], 1), fixed(metrics.visibleKeys, 1), percent(almostEven, 0));
    } else if (kind == HeadKind::mixed) {
        badge.kind = Badge::Kind::plain;
        badge.help =
            HeadNamesWords::tr(
                "mixed: no pattern holds enough of its weight. Enough is half-way from what evenly spread weight would put there to all "
                "of it: a little more than %1 where few keys are of that kind.")
                .arg(percent(mostOfTheWeight, 0)) +
            QLatin1Char('\n') + termHelp(QStringLiteral("mixed"));
    } else {
        const HeadMetric metric = *metricOf(kind);
        if (kind == HeadKind::answer) badge.kind = Badge::Kind::needed;
        badge.help =
            HeadNamesWords::tr("%1: %2 of its weight on %3 (said from %4 on: half-way from the %5 of evenly spread weight to all).")
                .arg(badge.text, percent(metrics[metric], 0), massPlace(metric, pattern, cross), percent(enoughMass(metrics, metric), 0),
                     percent(metrics.evenMass(metric), 0));
        if (metrics.queriesOf(metric) < metrics.queries)
            badge.help +=
                QLatin1Char('\n') +
                HeadNamesWords::tr("Over the %1 of %2 queries that have such keys.").arg(metrics.queriesOf(metric)).arg(metrics.queries);
        if (kind == HeadKind::answer)
            badge.help += QLatin1Char('\n') + HeadNamesWords::tr(
                                                  "It is where the answers of this task come from; whether the model needs it, "
                                                  "switching it off shows.");
    }
    return badge;
}

QString habitTitle(HeadHabit habit) {
    switch (habit) {
        case HeadHabit::previousToken:
            return kindTitle(HeadKind::previousToken, {});
        case HeadHabit::nextToken:
            return kindTitle(HeadKind::nextToken, {});
        case HeadHabit::firstToken:
            return kindTitle(HeadKind::firstToken, {});
        case HeadHabit::separator:
            return HeadNamesWords::tr("separator");
        case HeadHabit::duplicateToken:
            return kindTitle(HeadKind::duplicateToken, {});
        case HeadHabit::induction:
            return kindTitle(HeadKind::induction, {});
        case HeadHabit::diagonal:
            return kindTitle(HeadKind::diagonal, {});
        case HeadHabit::broad:
            return HeadNamesWords::tr("broad");
        case HeadHabit::mixed:
            break;
    }
    return kindTitle(HeadKind::mixed, {});
}

QString habitLetter(HeadHabit habit) {
    const char letter = rowOf(habit).letter;
    return letter == ' ' ? QString() : QString(QLatin1Char(letter));
}

namespace {

QString habitPlace(HeadHabit habit) {
    if (const auto mass = rowOf(habit).mass) return massPlace(*mass, {}, false);
    return habit == HeadHabit::separator ? HeadNamesWords::tr("special tokens behind the first position, such as [SEP]")
                                         : HeadNamesWords::tr("other places of the query's token");
}

}  // namespace

QString habitHelp(HeadHabit habit) {
    if (habit == HeadHabit::broad)
        return HeadNamesWords::tr("Heads that no pattern fits and that use %1 or more of the keys that their queries may see.")
            .arg(percent(broadShare, 0));
    if (habit == HeadHabit::mixed) return HeadNamesWords::tr("Heads that neither a pattern fits nor a broad look.");
    return HeadNamesWords::tr(
               "Heads that put most of their weight on %1, over all sentences, not on this one alone. Said from %2 on: half-way from "
               "what evenly spread weight would put there to all of it.")
        .arg(habitPlace(habit), percent(mostOfTheWeight, 0));
}

HeadBadge habitBadge(const SurveyedHead& head, int sentences) {
    const HeadHabit habit = head.habit();
    HeadBadge badge{habitTitle(habit), habit == HeadHabit::mixed ? Badge::Kind::plain : Badge::Kind::other, {}};
    const QString set = counted(LAB_PLURAL("maps", "over %n sentence(s)"), sentences);
    if (habit == HeadHabit::broad || habit == HeadHabit::mixed)
        badge.help = HeadNamesWords::tr("%1: uses %2 of %3 visible keys on average, %4")
                         .arg(badge.text, fixed(head.metrics[HeadMetric::effectiveKeys], 1), fixed(head.metrics.visibleKeys, 1), set);
    else
        badge.help = HeadNamesWords::tr("%1: %2 of its weight on %3, %4")
                         .arg(badge.text, percent(head.share(habit).share, 0), habitPlace(habit), set);
    return badge;
}

QString shortBlockName(const AttentionBlock& block, Architecture architecture) {
    const QString layer = architecture != Architecture::encoder_decoder ? HeadNamesWords::tr("L%1")
                          : block.cross                                 ? HeadNamesWords::tr("cross %1")
                          : block.side == "encoder"                     ? HeadNamesWords::tr("enc %1")
                                                                        : HeadNamesWords::tr("dec %1");
    return layer.arg(block.layer);
}

QString shortHeadName(const AttentionBlock& block, int head, Architecture architecture) {
    return HeadNamesWords::tr("%1 H%2").arg(shortBlockName(block, architecture)).arg(head);
}

HeadMetric tellingMetric(const HeadMetrics& metrics) {
    if (!std::isnan(metrics[HeadMetric::agreement])) return HeadMetric::agreement;
    return metricOf(headKind(metrics)).value_or(HeadMetric::entropy);
}

}  // namespace lab
