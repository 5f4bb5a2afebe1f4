#include "ui/pages/sweeps/sweeps_figures.h"

#include <QCoreApplication>
#include <QPainter>

#include "core/base/number_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/map/map_figure.h"
#include "ui/widgets/map/map_painter.h"

namespace lab {
namespace {

// Logical px.
constexpr double cellWidth = 84, cellHeight = 36, headRoom = 40, rowNameRoom = 110, sweepsFiguresPlotWidth = 620,
                 sweepsFiguresGroupHeight = 56, scaleGap = 12;

struct SweepsFiguresWords {
    Q_DECLARE_TR_FUNCTIONS(SweepsFigures)
};

QString ofRuns(const QString& filter) {
    return filter.isEmpty() ? QString() : SweepsFiguresWords::tr("Only runs with %1.").arg(filter);
}

std::string text(const std::optional<double>& value) {
    return value ? numberText(*value) : std::string();
}

class HeatFigure : public Figure {
public:
    explicit HeatFigure(HeatScene scene) : m_scene(std::move(scene)), m_content(m_scene.content()) {}

    FigureTable table() const override {
        FigureTable result;
        result.header = {m_scene.rowName.toStdString(),
                         m_scene.columnName.toStdString(),
                         "runs",
                         "diverged",
                         "mean",
                         "standard_deviation",
                         "median",
                         "low",
                         "high"};
        for (std::size_t r = 0; r < m_scene.table.rows.size(); ++r)
            for (std::size_t c = 0; c < m_scene.table.columns.size(); ++c) {
                const RowGroup& group = m_scene.table.cell(r, c);
                const bool any = group.mean.has_value();
                const auto ifAny = [any](double value) { return any ? numberText(value) : std::string(); };
                result.rows.push_back({m_scene.table.rows[r], m_scene.table.columns[c], std::to_string(group.rows),
                                       std::to_string(group.diverged), text(group.mean), ifAny(group.deviation), ifAny(group.median),
                                       ifAny(group.low), ifAny(group.high)});
            }
        return result;
    }

protected:
    QSizeF bodySize(double width) const override { return cells(width) + QSizeF(0, scaleGap + figureScaleHeight); }

    void paintBody(QPainter& painter, double width) const override {
        const MapForm& form = MapForm::table();
        paintMap(painter, form, m_content, form.layout(m_content, {.size = cells(width), .paper = true}));
        paintFigureScale(painter, QPointF(0, cells(width).height() + scaleGap), m_scene.scaling, m_content.quantity, cells(width).width());
    }

private:
    QSizeF cells(double width) const {
        const double wide = std::max(rowNameRoom + cellWidth * static_cast<double>(m_scene.table.columns.size()), 360.0);
        return {width > 0 ? width : wide, headRoom + cellHeight * static_cast<double>(m_scene.table.rows.size())};
    }

    HeatScene m_scene;
    MapContent m_content;
};

class DistributionFigure : public Figure {
public:
    DistributionFigure(DistributionScene scene, FigureTable numbers) : m_scene(std::move(scene)), m_numbers(std::move(numbers)) {}

    FigureTable table() const override { return m_numbers; }

protected:
    QSizeF bodySize(double width) const override {
        return {width > 0 ? width : sweepsFiguresPlotWidth, 44 + sweepsFiguresGroupHeight * static_cast<double>(m_scene.groups.size())};
    }

    void paintBody(QPainter& painter, double width) const override {
        paintDistribution(painter, m_scene, distributionLayout(m_scene, QRectF(QPointF(), bodySize(width))));
    }

private:
    DistributionScene m_scene;
    FigureTable m_numbers;
};

/// A row for each dot.
FigureTable numbersOf(const DistributionScene& scene, const SweepRows& rows) {
    FigureTable table;
    table.header = rows.table.keys;
    table.header.push_back(scene.number.name);
    for (const RowGroup& group : scene.groups)
        for (std::size_t i = 0; i < group.numbers.size(); ++i) {
            std::vector<std::string> cells = rows.table.rows[group.places[i]].cells;
            cells.push_back(numberText(group.numbers[i]));
            table.rows.push_back(std::move(cells));
        }
    return table;
}

}  // namespace

std::unique_ptr<Figure> heatFigure(const HeatScene& scene, const QString& sweep, const QString& filter) {
    if (scene.empty()) return nullptr;
    auto figure = std::make_unique<HeatFigure>(scene);
    figure->title = SweepsFiguresWords::tr("%1: %2").arg(sweep, scene.number.title);
    const QString what = scene.columnName.isEmpty()
                             ? SweepsFiguresWords::tr("%1 by %2; %3.").arg(scene.number.title, scene.rowName, scene.countSentence())
                             : SweepsFiguresWords::tr("%1 by %2 and %3; %4.")
                                   .arg(scene.number.title, scene.rowName, scene.columnName, scene.countSentence());
    figure->caption = sentences({what, ofRuns(filter)});
    return figure;
}

std::unique_ptr<Figure> distributionFigure(const DistributionScene& scene, const SweepRows& rows, const QString& sweep,
                                           const QString& filter) {
    if (scene.empty()) return nullptr;
    auto figure = std::make_unique<DistributionFigure>(scene, numbersOf(scene, rows));
    figure->title = SweepsFiguresWords::tr("%1: %2").arg(sweep, scene.number.title);
    figure->caption =
        sentences({SweepsFiguresWords::tr(
                       "Each dot is a run; the number behind a name counts them, and those that diverged (div.) and have none. Line: "
                       "median; diamond: mean; band: the middle half, from four runs on."),
                   ofRuns(filter)});
    return figure;
}

}  // namespace lab
