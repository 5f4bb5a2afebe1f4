#include "ui/widgets/metrics_figure.h"

#include <QPainter>

#include "ui/widgets/curve_plot.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int margin = 16, titleHeight = 28, plotWidth = 900, plotHeight = 560, captionGap = 8;
constexpr double smoothingFactor = 0.9;

/// Adds the curves and fills them.
class MetricsPlot {
public:
    explicit MetricsPlot(const std::vector<MetricsRow>& rows) : m_rows(rows) {
        m_plot.resize(plotWidth, plotHeight);
        m_plot.setSmoothing(smoothingFactor);
        const int loss = strip(QObject::tr("Loss"), 170);
        curve(
            loss, QObject::tr("train"), Role::series1, true, [](double v) { return fixed(v, 4); }, &MetricsRow::trainLoss);
        curve(
            loss, QObject::tr("validation"), Role::series3, false, [](double v) { return fixed(v, 4); }, &MetricsRow::validationLoss);
        const int accuracy = strip(QObject::tr("Accuracy"), 170, std::pair(0.0, 1.0));
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

    void paint(QPainter& painter, const QPoint& at) {
        // Hidden widgets are not laid out: it is shown, but on no screen.
        m_plot.setAttribute(Qt::WA_DontShowOnScreen);
        m_plot.show();
        m_plot.fit();
        m_plot.replotNow();
        m_plot.render(&painter, at);
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

    const std::vector<MetricsRow>& m_rows;
    CurvePlot m_plot;
};

}  // namespace

QImage metricsImage(const std::vector<MetricsRow>& rows, const QString& title, const QString& caption, double dots) {
    const Theme& theme = Theme::instance();
    const QString text = caption + QObject::tr(" Thick lines: exponential average with factor %1; behind them the values themselves.")
                                       .arg(significant(smoothingFactor, 2));
    const QFont captionFont = theme.font(TextSize::caption);
    const QRect captionRect = QFontMetrics(captionFont).boundingRect(QRect(0, 0, plotWidth, 10000), Qt::TextWordWrap, text);
    const QSize logical(plotWidth + 2 * margin, 2 * margin + titleHeight + plotHeight + captionGap + captionRect.height());

    QImage image(logical * dots, QImage::Format_RGB32);
    image.setDevicePixelRatio(dots);
    image.fill(theme.color(Role::screen));
    QPainter painter(&image);
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(TextSize::token, true));
    painter.drawText(QRect(margin, margin, plotWidth, titleHeight), Qt::AlignLeft | Qt::AlignTop, title);

    MetricsPlot metrics(rows);
    metrics.paint(painter, QPoint(margin, margin + titleHeight));

    painter.setPen(theme.color(Role::muted));
    painter.setFont(captionFont);
    painter.drawText(captionRect.translated(margin, margin + titleHeight + plotHeight + captionGap), Qt::TextWordWrap, text);
    return image;
}

}  // namespace lab
