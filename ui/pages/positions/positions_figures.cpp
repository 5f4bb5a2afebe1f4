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
#include "ui/pages/positions/text_table.h"
#include "ui/runs/token_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/value_map.h"
#include "ui/widgets/xy_plot.h"

namespace lab {
namespace {

// Logical px.
constexpr double plotWidth = 620, plotHeight = 300;
constexpr double ropeWidth = 920, lowerHeight = 210, barShare = 0.36;
constexpr double leastSlot = 60;  // of a column that circle and bar share
constexpr double headingHeight = 22;
constexpr double gap = 12;
constexpr double tableWidth = 860;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PositionsFigures)
};

QString captionOf(const PositionSubject& subject, const QString& what) {
    if (subject.step < 0) return QStringLiteral("%1 (%2).").arg(what, subject.run);
    const QString step = grouped(subject.step);
    const QString whose = subject.head.isEmpty() ? Words::tr("'%1' after step %2.").arg(subject.run, step)
                                                 : Words::tr("%1 of '%2' after step %3.").arg(subject.head, subject.run, step);
    return sentences({what + QLatin1Char('.'), whose, subject.input.isEmpty() ? QString() : Words::tr("Input: %1.").arg(subject.input)});
}

/// Widgets as they paint themselves, each under its heading.
class PartsFigure : public Figure {
public:
    struct Part {
        QString heading;
        QRectF place;  ///< in the body
        std::shared_ptr<QWidget> widget;
        PlotLegend* legend = nullptr;  ///< of the widget
    };

    std::shared_ptr<const void> kept;  ///< what the widgets look at; outlives them
    QSizeF body;
    std::vector<Part> parts;
    FigureTable numbers;

    QSizeF size() const override { return figureSize(*this, body); }
    FigureTable table() const override { return numbers; }

    void paint(QPainter& painter) const override {
        const QSizeF whole = size();
        paintFigureFrame(painter, *this, whole);
        const QPointF origin(figureMargin, figureMargin + (title.isEmpty() ? 0 : figureTitleHeight));
        for (const Part& part : parts) {
            painter.save();
            painter.translate(origin + part.place.topLeft());
            paintPart(painter, part);
            painter.restore();
        }
    }

private:
    static void paintPart(QPainter& painter, const Part& part) {
        const Theme& theme = Theme::instance();
        double top = 0;
        if (!part.heading.isEmpty()) {
            painter.setFont(theme.font(TextSize::text, true));
            painter.setPen(theme.color(Role::text));
            painter.drawText(QRectF(0, 0, part.place.width(), headingHeight), Qt::AlignLeft | Qt::AlignVCenter, part.heading);
            top = headingHeight;
        }
        if (part.legend) {
            part.legend->resize(part.legend->sizeHint());
            const double legendHeight = std::max<double>(headingHeight, part.legend->height());
            const bool beside = part.legend->width() < part.place.width() * 0.62;
            const double left = beside ? part.place.width() - part.legend->width() : 0;
            part.legend->render(&painter, QPoint(qRound(left), qRound(beside ? 0 : top)), QRegion(), {});
            top = std::max(top, beside ? legendHeight : top + legendHeight);
        }
        part.widget->resize(qRound(part.place.width()), qRound(part.place.height() - top));
        part.widget->render(&painter, QPoint(0, qRound(top)), QRegion(), {});
    }
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

FigureTable seriesTable(const XyPlot& plot) {
    FigureTable table;
    table.header = {"curve", "x", "y"};
    for (const XySeries& series : plot.series())
        for (std::size_t i = 0; i < series.x.size(); ++i)
            table.rows.push_back(
                {series.name.toStdString(), numberText(series.x[i]), std::isfinite(series.y[i]) ? numberText(series.y[i]) : ""});
    return table;
}

FigureTable cellTable(const ValueMap& map) {
    FigureTable table;
    table.header = {map.rowAxis().toStdString(), map.columnAxis().toStdString(), map.quantity().toStdString()};
    for (int r = 0; r < map.data().rows; ++r)
        for (int c = 0; c < map.data().columns; ++c)
            table.rows.push_back({std::to_string(r), std::to_string(c), map.data().masked(r, c) ? "" : numberText(map.data().value(r, c))});
    return table;
}

FigureTable wordTable(const TextTable& words) {
    FigureTable table;
    for (const QString& title : words.titles()) table.header.push_back(plainFormula(title).toStdString());
    for (const TextTable::Row& row : words.rows()) {
        table.rows.emplace_back();
        for (const QString& cell : row.cells) table.rows.back().push_back(plainFormula(cell).toStdString());
    }
    return table;
}

std::unique_ptr<PartsFigure> singlePart(const PositionSubject& subject, const QString& name, const QSizeF& body) {
    auto figure = std::make_unique<PartsFigure>();
    figure->title = name;
    figure->caption = captionOf(subject, name);
    figure->body = body;
    return figure;
}

std::shared_ptr<XyPlot> curvesOf(const RopeStudy& study) {
    auto plot = std::make_shared<XyPlot>(Words::tr("Score against distance"));
    plotScoreAgainstDistance(*plot, study);
    return plot;
}

/// Circles in one row, below them the bars in the same columns, below these the curve.
void placeAligned(PartsFigure& figure, RopeStudy& study, double slot) {
    auto grid = std::make_shared<PairGrid>(study);
    auto bars = std::make_shared<ScoreBars>(study);
    const double circles = std::min(slot * 1.25, 150.0) + headingHeight, lower = lowerHeight + headingHeight;
    figure.body = QSizeF(ropeWidth, circles + 2 * (lower + gap));
    const auto row = [](double top, double height) { return QRectF(0, top, ropeWidth, height); };
    figure.parts.push_back({Words::tr("Pairs: \u03B8 at right; below, how they add up to the score"), row(0, circles), grid});
    figure.parts.push_back({QString(), row(circles, lower), bars});
    const auto plot = curvesOf(study);
    figure.parts.push_back({Words::tr("Against m \u2212 n"), row(circles + lower + 2 * gap, lower), plot, plot->legend()});
    grid->setAligned(true);
    bars->setAligned(true);
}

/// More pairs than fit one row.
void placeApart(PartsFigure& figure, RopeStudy& study) {
    const double gridHeight = study.pairs() <= 8 ? 260 : 420;
    figure.body = QSizeF(ropeWidth, gridHeight + gap + lowerHeight + headingHeight * 2);
    figure.parts.push_back({Words::tr("Pairs: \u03B8 at right, what each adds below"), QRectF(0, 0, ropeWidth, gridHeight + headingHeight),
                            std::make_shared<PairGrid>(study)});
    const double lower = gridHeight + headingHeight + gap, bars = ropeWidth * barShare;
    figure.parts.push_back(
        {Words::tr("They add up to the score"), QRectF(0, lower, bars, lowerHeight + headingHeight), std::make_shared<ScoreBars>(study)});
    const auto plot = curvesOf(study);
    figure.parts.push_back({Words::tr("Against m \u2212 n"), QRectF(bars + gap, lower, ropeWidth - bars - gap, lowerHeight + headingHeight),
                            plot, plot->legend()});
}

}  // namespace

QString inputWords(const Run& run, const Input& input) {
    const auto words = [&run](const std::vector<int>& tokens) { return tokenTexts(*run.dataset(), tokens).join(QLatin1Char(' ')); };
    if (input.targetTokens.empty()) return words(input.tokens);
    return Words::tr("%1; target input: %2").arg(words(input.tokens), words(input.targetTokens));
}

std::unique_ptr<Figure> ropeFigure(const PositionSubject& subject, const RopeStudy& study) {
    auto own = std::make_shared<RopeStudy>();
    own->copy(study);
    auto figure = std::make_unique<PartsFigure>();
    figure->title = subject.run;
    const ScoreCheck check = own->check();
    figure->caption = captionOf(
        subject,
        Words::tr("RoPE, base %1: q at position %2 and k at %3 score %4, the sum of the %5 pairs' |q||k| cos(angle) / \u221A%6; %7: %8")
            .arg(significant(own->rope().base, 3))
            .arg(own->queryPosition())
            .arg(own->keyPosition())
            .arg(fixed(check.sum, 4))
            .arg(own->pairs())
            .arg(own->geometry().headDim())
            .arg(own->checkedAgainst(), fixed(check.other, 4)));
    const double slot = PairColumns::in(qRound(ropeWidth), own->pairs()).slot;
    if (slot >= leastSlot)
        placeAligned(*figure, *own, slot);
    else
        placeApart(*figure, *own);
    figure->numbers = pairTable(*own);
    figure->kept = own;
    return figure;
}

std::vector<PartFigure> partFigures(const QWidget& view, const PositionSubject& subject) {
    std::vector<PartFigure> figures;
    for (const ValueMap* map : view.findChildren<ValueMap*>()) {
        if (!map->isVisibleTo(&view) || map->data().empty()) continue;
        auto copy = std::make_shared<ValueMap>(map->name());
        copy->copy(*map);
        figures.push_back({map->name(), [=] {
                               const double side = std::clamp(copy->data().rows * 12.0, 260.0, 620.0);
                               auto figure = singlePart(subject, copy->name(), QSizeF(plotWidth, side + 90));
                               figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy});
                               figure->numbers = cellTable(*copy);
                               return figure;
                           }});
    }
    for (const XyPlot* plot : view.findChildren<XyPlot*>()) {
        if (!plot->isVisibleTo(&view) || plot->series().empty()) continue;
        auto copy = std::make_shared<XyPlot>(plot->name());
        copy->copy(*plot);
        figures.push_back({plot->name(), [=] {
                               auto figure = singlePart(subject, copy->name(), QSizeF(plotWidth, plotHeight + headingHeight));
                               figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy, copy->legend()});
                               figure->numbers = seriesTable(*copy);
                               return figure;
                           }});
    }
    for (const TextTable* words : view.findChildren<TextTable*>()) {
        if (!words->isVisibleTo(&view) || words->rows().empty()) continue;
        auto copy = std::make_shared<TextTable>(words->name());
        copy->copy(*words);
        figures.push_back({words->name(), [=] {
                               auto figure = singlePart(subject, copy->name(), QSizeF(tableWidth, copy->fullHeight()));
                               figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy});
                               figure->numbers = wordTable(*copy);
                               return figure;
                           }});
    }
    return figures;
}

}  // namespace lab
