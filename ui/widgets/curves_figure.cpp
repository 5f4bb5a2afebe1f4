#include "ui/widgets/curves_figure.h"

#include <QPainter>

#include "core/base/number_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plot/curve_plot.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int plotWidth = 900, plotHeight = 560;
constexpr double smoothingFactor = 0.9, leastPlotHeight = 420;

std::vector<std::string> cellsOf(const std::string& line) {
    std::vector<std::string> cells(1);
    for (char c : line)
        if (c == ',')
            cells.emplace_back();
        else
            cells.back() += c;
    return cells;
}

/// Adds the curves to a plot and fills them.
class MetricsPlot {
public:
    MetricsPlot(CurvePlot& plot, const std::vector<MetricsRow>& rows, const QString& measure) : m_plot(plot), m_rows(rows) {
        m_plot.setSmoothing(smoothingFactor);
        const int loss = strip(QObject::tr("Loss"), 170);
        curve(
            loss, QObject::tr("train"), Role::series1, true, [](double v) { return fixed(v, 4); }, &MetricsRow::trainLoss);
        curve(
            loss, QObject::tr("validation"), Role::series3, false, [](double v) { return fixed(v, 4); }, &MetricsRow::validationLoss);
        const int accuracy = strip(measure, 170, std::pair(-0.015, 1.02));
        curve(
            accuracy, QObject::tr("train"), Role::series1, true, [](double v) { return percent(v, 1); }, &MetricsRow::trainAccuracy);
        curve(
            accuracy, QObject::tr("validation"), Role::series3, false, [](double v) { return percent(v, 1); },
            &MetricsRow::validationAccuracy);
        const int rate = strip(QObject::tr("Learning rate"), 100);
        curve(
            rate, QObject::tr("rate"), Role::series5, false, [](double v) { return significant(v, 3); }, &MetricsRow::learningRate);
        const int norm = strip(QObject::tr("Gradient norm"), 100);
        curve(
            norm, QObject::tr("norm"), Role::series5, true, [](double v) { return significant(v, 3); }, &MetricsRow::gradientNorm);
    }

private:
    int strip(const QString& title, double height, std::optional<std::pair<double, double>> range = std::nullopt) {
        CurveStrip strip;
        strip.title = title;
        strip.height = height;
        strip.range = range;
        return m_plot.addStrip(strip);
    }

    template <class Value>
    void curve(int strip, const QString& name, Role role, bool smoothed, QString (*format)(double), Value MetricsRow::*member) {
        CurveStyle style;
        style.strip = strip;
        style.name = name;
        style.role = role;
        style.drawing = smoothed ? CurveDrawing::smoothed : CurveDrawing::line;
        style.rawBehind = smoothed;
        style.squares = std::is_same_v<Value, std::optional<double>>;
        style.format = format;
        const int index = m_plot.addCurve(style);
        for (const MetricsRow& row : m_rows) {
            if constexpr (std::is_same_v<Value, double>)
                m_plot.append(index, row.step, row.*member);
            else if (row.*member)
                m_plot.append(index, row.step, *(row.*member));
        }
    }

    CurvePlot& m_plot;
    const std::vector<MetricsRow>& m_rows;
};

}  // namespace

CurvesFigure::CurvesFigure(std::unique_ptr<CurvePlot> plot) : m_plot(std::move(plot)) {
    const PrintTheme theme;
    m_plot->layOutForPrint({plotWidth, plotHeight});
}

CurvesFigure::~CurvesFigure() = default;

QSizeF CurvesFigure::bodySize(double width) const {
    const QSize wanted = width > 0 ? QSize(qRound(width), qRound(std::max(width, leastPlotHeight))) : QSize(plotWidth, plotHeight);
    if (wanted != m_plot->size()) m_plot->layOutForPrint(wanted);
    return m_plot->size();
}

void CurvesFigure::paintBody(QPainter& painter, double width) const {
    bodySize(width);
    m_plot->print(painter);
}

FigureTable CurvesFigure::table() const {
    FigureTable table;
    table.header = cellsOf(metricsHeader());
    for (const MetricsRow& row : rows) table.rows.push_back(cellsOf(metricsLine(row)));
    if (sequenceAccuracy.size() == rows.size() && !rows.empty()) {
        table.header.emplace_back("train_sequence_accuracy");
        for (std::size_t i = 0; i < rows.size(); ++i) table.rows[i].push_back(numberText(sequenceAccuracy[i]));
    }
    for (const auto& [name, loss] : baselines) {
        table.header.push_back(name + "_loss");
        for (auto& row : table.rows) row.push_back(numberText(loss));
    }
    return table;
}

std::unique_ptr<CurvesFigure> metricsFigure(const std::vector<MetricsRow>& rows, const QString& measure, const QString& title,
                                            const QString& caption) {
    auto plot = std::make_unique<CurvePlot>();
    const MetricsPlot filled(*plot, rows, measure);
    auto figure = std::make_unique<CurvesFigure>(std::move(plot));
    figure->title = title;
    figure->caption = sentences({caption, smoothingSentence(smoothingFactor)});
    figure->rows = rows;
    return figure;
}

QString smoothingSentence(double factor) {
    if (factor <= 0) return {};
    return QObject::tr("Thick lines: exponential average with factor %1; behind them the values themselves.").arg(significant(factor, 2));
}

}  // namespace lab
