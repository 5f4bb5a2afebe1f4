#include "ui/pages/incontext/induction_scene.h"

#include <QCoreApplication>
#include <cmath>

#include "core/analysis/head_metrics.h"
#include "core/config/experiment.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct InductionText {
    Q_DECLARE_TR_FUNCTIONS(InductionTab)
};

PlotSeries emptyLine(const InductionLine& line) {
    PlotSeries series{line.name, line.role};
    series.onTop = false;
    return series;
}

QString periodName(const Run& run) {
    return run.experiment().task.repeat.period == RepeatPeriod::random ? InductionText::tr("random") : InductionText::tr("fixed");
}

/// "L1 H0 0.93" as it is at the step shown; a dash while it is not measured.
QString headNow(const InductionLine& line, double InductionHead::*share) {
    const InductionMeasures* now = line.now();
    const InductionHead* head = now ? now->strongest(share) : nullptr;
    return head ? InductionText::tr("%1 %2").arg(inductionHeadName(*line.run, *head), fixed(head->*share, 2)) : QStringLiteral("\u2013");
}

/// A head that has most of its weight there at the last step, and when that came to stay.
struct FormedHead {
    InductionHead head;
    std::optional<Formation> formation;
};

std::optional<FormedHead> formedHead(const InductionLine& line, double InductionHead::*share) {
    const auto head = line.history->strongest(share);
    if (!head || (*head).*share < mostOfTheWeight) return std::nullopt;
    return FormedHead{*head, line.history->formation(*head, share)};
}

/// "L1 H0 from step 640 on".
QString formedName(const InductionLine& line, const FormedHead& formed) {
    const QString name = inductionHeadName(*line.run, formed.head);
    return formed.formation ? InductionText::tr("%1 from step %2 on").arg(name, grouped(formed.formation->step)) : name;
}

}  // namespace

std::vector<PlotSeries> lossByToken(const std::vector<InductionLine>& lines) {
    std::vector<PlotSeries> all;
    for (const InductionLine& line : lines) {
        const InductionMeasures* now = line.now();
        if (!now) continue;
        PlotSeries series = emptyLine(line);
        for (std::size_t t = 0; t < now->lossOfToken.size(); ++t) {
            if (!std::isfinite(now->lossOfToken[t])) continue;
            series.x.push_back(static_cast<double>(t));
            series.y.push_back(now->lossOfToken[t]);
        }
        series.squares = series.x.size() <= 40;
        all.push_back(std::move(series));
    }
    return all;
}

std::vector<PlotSeries> scoreOverSteps(const std::vector<InductionLine>& lines) {
    std::vector<PlotSeries> all;
    for (const InductionLine& line : lines) {
        PlotSeries series = emptyLine(line);
        for (const auto& [step, measures] : line.history->measured()) {
            if (!measures.score) continue;
            series.x.push_back(static_cast<double>(step));
            series.y.push_back(*measures.score);
        }
        if (!series.x.empty()) all.push_back(std::move(series));
    }
    return all;
}

std::vector<PlotSeries> headOverSteps(const std::vector<InductionLine>& lines, double InductionHead::*share) {
    std::vector<PlotSeries> all;
    for (const InductionLine& line : lines) {
        const auto head = line.history->strongest(share);
        if (!head) continue;
        PlotSeries series = emptyLine(line);
        series.name = InductionText::tr("%1: %2").arg(line.name, inductionHeadName(*line.run, *head));
        series.y = line.history->course(*head, share);
        for (const auto& each : line.history->measured()) series.x.push_back(static_cast<double>(each.first));
        all.push_back(std::move(series));
    }
    return all;
}

QString inductionHeadName(const Run& run, const InductionHead& head) {
    const AttentionBlock& block = run.model()->attentionBlocks()[static_cast<std::size_t>(head.block)];
    return shortHeadName(block, head.head, run.experiment().model.architecture);
}

std::vector<TextTable::Row> inductionRows(const std::vector<InductionLine>& lines) {
    std::vector<TextTable::Row> rows;
    for (const InductionLine& line : lines) {
        const InductionMeasures* now = line.now();
        const QString score = now && now->score ? fixed(*now->score, 2) : QStringLiteral("\u2013");
        rows.push_back({{line.name, QString::number(line.run->experiment().model.num_layers), periodName(*line.run), grouped(line.step),
                         score, headNow(line, &InductionHead::previousToken), headNow(line, &InductionHead::induction)},
                        line.role});
    }
    return rows;
}

QString inductionWords(const InductionLine& line) {
    if (!line.history->error().isEmpty()) return line.history->error();
    if (line.history->measured().empty()) return InductionText::tr("%1: not measured yet.").arg(line.name);
    const auto matching = formedHead(line, &InductionHead::induction), before = formedHead(line, &InductionHead::previousToken);
    if (!matching) {
        const auto strongest = line.history->strongest(&InductionHead::induction);
        if (!strongest) return InductionText::tr("%1: no head.").arg(line.name);
        return InductionText::tr("%1: no head has half of its weight on what followed an earlier copy; the strongest, %2, has %3.")
            .arg(line.name, inductionHeadName(*line.run, *strongest), percent(strongest->induction, 0));
    }
    if (line.run->experiment().task.repeat.period == RepeatPeriod::fixed)
        return InductionText::tr(
                   "%1: %2 looks at what followed an earlier copy; with a fixed period that place is known by its distance, so "
                   "this is no sign of induction.")
            .arg(line.name, formedName(line, *matching));
    const QString induction = InductionText::tr("%1: induction head %2").arg(line.name, formedName(line, *matching));
    if (!before) return InductionText::tr("%1; no head has half of its weight on the token before.").arg(induction);
    return InductionText::tr("%1; previous-token head %2.").arg(induction, formedName(line, *before));
}

}  // namespace lab
