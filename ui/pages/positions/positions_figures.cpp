#include "ui/pages/positions/positions_figures.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/number_text.h"
#include "ui/pages/positions/pair_columns.h"
#include "ui/pages/positions/pair_grid.h"
#include "ui/pages/positions/rope_circles.h"
#include "ui/pages/positions/score_bars.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plot/plot.h"

namespace lab {
namespace {

// Logical px.
constexpr double ropeWidth = 920, lowerHeight = 210, barShare = 0.36;
constexpr double positionsFiguresLeastSlot = 60;  // of a column that circle and bar share
constexpr double positionsFiguresGap = 12;

struct PositionsFiguresWords {
    Q_DECLARE_TR_FUNCTIONS(PositionsFigures)
};

FigureTable pairTable(const RopeStudy& study) {
    FigureTable table;
    table.header = {"pair",        "first_channel", "second_channel", "theta",    "wavelength", "query_length",
                    "query_phase", "key_length",    "key_phase",      "distance", "angle",      "share"};
    const RopeGeometry& geometry = study.geometry();
    for (int p = 0; p < study.pairs(); ++p) {
        const RopePair& pair = geometry.pairs()[static_cast<std::size_t>(p)];
        table.rows.push_back({std::to_string(p), std::to_string(pair.firstChannel), std::to_string(pair.secondChannel),
                              numberText(pair.theta), numberText(wavelength(pair.theta)), numberText(pair.queryLength),
                              numberText(pair.queryPhase), numberText(pair.keyLength), numberText(pair.keyPhase),
                              std::to_string(study.distance()), numberText(geometry.angle(p, study.distance())),
                              numberText(geometry.term(p, study.distance()))});
    }
    return table;
}

std::shared_ptr<Plot> curvesOf(const RopeStudy& study) {
    auto plot = std::make_shared<Plot>(PositionsFiguresWords::tr("Score against distance"));
    plotScoreAgainstDistance(*plot, study);
    return plot;
}

/// Circles in one row, below them the bars in the same columns, below these the curve.
void placeAligned(PartsFigure& figure, RopeStudy& study, double slot) {
    auto grid = std::make_shared<PairGrid>(study);
    auto bars = std::make_shared<ScoreBars>(study);
    const double circles = std::min(slot * 1.25, 150.0) + figureHeadingHeight, lower = lowerHeight + figureHeadingHeight;
    figure.body = QSizeF(ropeWidth, circles + 2 * (lower + positionsFiguresGap));
    const auto row = [](double top, double height) { return QRectF(0, top, ropeWidth, height); };
    figure.parts.push_back(
        {PositionsFiguresWords::tr("Pairs: \u03B8 at right; below, how they add up to %1").arg(study.theSum()), row(0, circles), grid});
    figure.parts.push_back({QString(), row(circles, lower), bars});
    const auto plot = curvesOf(study);
    figure.parts.push_back(
        {PositionsFiguresWords::tr("Against m \u2212 n"), row(circles + lower + 2 * positionsFiguresGap, lower), plot, plot->legend()});
    grid->setAligned(true);
    bars->setAligned(true);
}

/// More pairs than fit one row.
void placeApart(PartsFigure& figure, RopeStudy& study) {
    const double gridHeight = study.pairs() <= 8 ? 260 : 420;
    figure.body = QSizeF(ropeWidth, gridHeight + positionsFiguresGap + lowerHeight + figureHeadingHeight * 2);
    figure.parts.push_back({PositionsFiguresWords::tr("Pairs: \u03B8 at right, what each adds below"),
                            QRectF(0, 0, ropeWidth, gridHeight + figureHeadingHeight), std::make_shared<PairGrid>(study)});
    const double lower = gridHeight + figureHeadingHeight + positionsFiguresGap, bars = ropeWidth * barShare;
    figure.parts.push_back({PositionsFiguresWords::tr("They add up to %1").arg(study.theSum()),
                            QRectF(0, lower, bars, lowerHeight + figureHeadingHeight), std::make_shared<ScoreBars>(study)});
    const auto plot = curvesOf(study);
    figure.parts.push_back(
        {PositionsFiguresWords::tr("Against m \u2212 n"),
         QRectF(bars + positionsFiguresGap, lower, ropeWidth - bars - positionsFiguresGap, lowerHeight + figureHeadingHeight), plot,
         plot->legend()});
}

}  // namespace

std::unique_ptr<Figure> ropeFigure(const FigureSubject& subject, const RopeStudy& study) {
    auto own = std::make_shared<RopeStudy>();
    own->copy(study);
    auto figure = std::make_unique<PartsFigure>();
    figure->title = subject.run;
    const ScoreCheck check = own->check();
    figure->caption = subjectCaption(
        subject,
        (own->sumIsScore()
             ? PositionsFiguresWords::tr(
                   "RoPE, base %1: q at position %2 and k at %3 score %4, the sum of the %5 pairs' |q||k| cos(angle)%6 / \u221A%7; %8: %9")
             : PositionsFiguresWords::tr("RoPE, base %1: of q at position %2 and k at %3, q \u00B7 k / \u221A"
                                         "d\u2095 is %4, the sum of the %5 pairs' |q||k| "
                                         "cos(angle)%6 / \u221A%7, and not the score, which this model makes in another way; %8: %9"))
            .arg(significant(own->rope().base, 3))
            .arg(own->queryPosition())
            .arg(own->keyPosition())
            .arg(fixed(check.sum, 4))
            .arg(own->pairs())
            .arg(attentionFactorText(own->geometry()))
            .arg(own->geometry().headDim())
            .arg(own->checkedAgainst(), fixed(check.other, 4)));
    const double slot = PairColumns::in(qRound(ropeWidth), own->pairs()).slot;
    if (slot >= positionsFiguresLeastSlot)
        placeAligned(*figure, *own, slot);
    else
        placeApart(*figure, *own);
    figure->numbers = pairTable(*own);
    figure->kept = own;
    return figure;
}

}  // namespace lab
