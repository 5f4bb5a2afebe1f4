#include "ui/pages/sweeps/distribution_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <map>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double distributionViewLeastRow = 26, distributionViewMostRow = 96, distributionViewAxisHeight = 34, distributionViewGap = 8,
                 leastPlot = 120, distributionViewTopRoom = 4;
constexpr double largestDot = 3.5, smallestDot = 2;
constexpr double decadesWorthALogarithm = 30;
constexpr unsigned leastForABox = 4;

QString nameOf(const DistributionScene& scene, std::size_t group) {
    return scene.keyName.isEmpty() ? DistributionView::tr("all runs") : QString::fromStdString(scene.groups[group].value);
}

/// "12, 3 div.": runs that have the number, and those that diverged and have none.
QString countOf(const RowGroup& group) {
    const QString numbers = QString::number(group.numbers.size());
    return group.diverged > 0 ? DistributionView::tr("%1, %2 div.").arg(numbers).arg(group.diverged) : numbers;
}

double widthOfLabels(const DistributionScene& scene) {
    const Theme& theme = Theme::instance();
    int width = textWidth(theme.font(TextSize::caption), scene.keyName);
    for (std::size_t g = 0; g < scene.groups.size(); ++g)
        width = std::max(width, textWidth(theme.font(TextSize::axis), nameOf(scene, g)) +
                                    textWidth(theme.font(TextSize::caption), countOf(scene.groups[g])) + theme.px(distributionViewGap));
    return width + theme.px(distributionViewGap);
}

double placeOf(const DistributionScene& scene, const QRectF& plot, double shown) {
    return plot.left() + std::clamp(scene.axis.share(shown), 0.0, 1.0) * plot.width();
}

/// The largest of 1, 2 and 5 times a power of ten that is not above.
double roundBelow(double value) {
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    return power * (value >= 5 * power ? 5 : value >= 2 * power ? 2 : 1);
}

/// Dots of like value lie above and below each other, alternately from the middle out; closer where there are many.
void layDots(DistributionLayout& layout, const DistributionScene& scene, std::size_t g) {
    const RowGroup& group = scene.groups[g];
    const double middle = layout.plot.top() + (static_cast<double>(g) + 0.5) * layout.rowHeight;
    std::map<long, std::vector<std::size_t>> columns;
    for (std::size_t i = 0; i < group.numbers.size(); ++i) {
        const double x = placeOf(scene, layout.plot, group.numbers[i] * scene.number.factor);
        columns[std::lround(x / (2 * layout.radius))].push_back(i);
    }
    const double room = layout.rowHeight / 2 - layout.radius - 2;
    for (const auto& [column, members] : columns) {
        const double half = std::floor(static_cast<double>(members.size()) / 2);
        const double distance = half > 0 ? std::min(2 * layout.radius + 0.5, room / half) : 0;
        for (std::size_t i = 0; i < members.size(); ++i) {
            const double away = std::floor((static_cast<double>(i) + 1) / 2) * distance * (i % 2 == 0 ? 1 : -1);
            layout.dots.push_back(
                {g, members[i], {placeOf(scene, layout.plot, group.numbers[members[i]] * scene.number.factor), middle + away}});
        }
    }
}

void paintAxis(QPainter& painter, const DistributionScene& scene, const QRectF& plot) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    const int count = std::max(2, static_cast<int>(plot.width() / theme.px(70)));
    const AxisTicks ticks = scene.axis.ticks(count);
    double free = plot.left() - theme.px(20);
    for (const AxisTicks::Label& label : ticks.labels) {
        const double x = placeOf(scene, plot, label.value);
        drawHairline(painter, {x, plot.top()}, {x, plot.bottom()}, theme.color(Role::grid));
        const double half = textWidth(painter.font(), label.text) / 2.0 + 1;
        const double middle = std::min(x, plot.right() + theme.px(distributionViewGap) - half);
        if (middle - half < free) continue;
        free = middle + half + theme.px(6);
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(middle - half, plot.bottom() + theme.px(2), 2 * half, theme.px(14)), Qt::AlignCenter, label.text);
    }
    drawHairline(painter, plot.bottomLeft(), plot.bottomRight(), theme.color(Role::controlBorder));
    painter.setPen(theme.color(Role::muted));
    const QString title = scene.axis.logarithmic() ? DistributionView::tr("%1, logarithmic").arg(scene.number.title) : scene.number.title;
    painter.drawText(QRectF(plot.left(), plot.bottom() + theme.px(17), plot.width(), theme.px(14)), Qt::AlignRight | Qt::AlignVCenter,
                     title);
    painter.drawText(QRectF(0, plot.bottom() + theme.px(2), plot.left() - theme.px(distributionViewGap), theme.px(14)),
                     Qt::AlignRight | Qt::AlignVCenter, scene.keyName);
}

/// The middle half as a band, the median as a line, the mean as a diamond.
void paintSummary(QPainter& painter, const DistributionScene& scene, const DistributionLayout& layout, std::size_t g) {
    const RowGroup& group = scene.groups[g];
    if (group.numbers.size() < 2) return;
    const Theme& theme = Theme::instance();
    const double factor = scene.number.factor, top = layout.plot.top() + static_cast<double>(g) * layout.rowHeight;
    const auto x = [&](double number) { return placeOf(scene, layout.plot, number * factor); };
    const QRectF band(QPointF(x(group.lowerQuartile), top + 2), QPointF(x(group.upperQuartile), top + layout.rowHeight - 2));
    if (group.numbers.size() >= leastForABox) {
        QColor tint = theme.color(Role::series1);
        tint.setAlphaF(0.18F);
        painter.fillRect(band.width() < 1 ? QRectF(band.left() - 0.5, band.top(), 1, band.height()) : band, tint);
    }
    painter.setPen(QPen(theme.color(Role::text), theme.px(2)));
    painter.drawLine(QPointF(x(group.median), top + 2), QPointF(x(group.median), top + layout.rowHeight - 2));
}

void paintMean(QPainter& painter, const DistributionScene& scene, const DistributionLayout& layout, std::size_t g) {
    const RowGroup& group = scene.groups[g];
    if (group.numbers.size() < 2) return;
    const Theme& theme = Theme::instance();
    const double x = placeOf(scene, layout.plot, *group.mean * scene.number.factor);
    const double y = layout.plot.top() + (static_cast<double>(g) + 0.5) * layout.rowHeight, side = theme.px(5);
    painter.setPen(QPen(theme.color(Role::text), 1.5));
    painter.setBrush(theme.color(Role::screen));
    painter.drawPolygon(QPolygonF{{x - side, y}, {x, y - side}, {x + side, y}, {x, y + side}});
}

void paintNames(QPainter& painter, const DistributionScene& scene, const DistributionLayout& layout) {
    const Theme& theme = Theme::instance();
    for (std::size_t g = 0; g < scene.groups.size(); ++g) {
        const double top = layout.plot.top() + static_cast<double>(g) * layout.rowHeight;
        if (g > 0) drawHairline(painter, {layout.plot.left(), top}, {layout.plot.right(), top}, theme.color(Role::grid));
        QRectF room(0, top, layout.plot.left() - theme.px(distributionViewGap), layout.rowHeight);
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(scene.groups[g].diverged > 0 ? Role::wrong : Role::muted));
        const QString count = countOf(scene.groups[g]);
        painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, count);
        room.setRight(room.right() - textWidth(painter.font(), count) - theme.px(distributionViewGap) / 2.0);
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::text));
        painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, nameOf(scene, g));
    }
}

}  // namespace

QString DistributionScene::describe(std::size_t g) const {
    const RowGroup& group = groups[g];
    const QString name = keyName.isEmpty() ? nameOf(*this, g) : QStringLiteral("%1 %2").arg(keyName, nameOf(*this, g));
    QStringList parts{shown(Message(LAB_PLURAL("sweeps", "%n run(s)")).count(std::ssize(group.numbers)))};
    if (group.mean)
        parts << DistributionView::tr("%1: mean %2, median %3, middle half %4 to %5, all %6 to %7")
                     .arg(number.title, number.text(group.mean), number.text(group.median), number.text(group.lowerQuartile),
                          number.text(group.upperQuartile), number.text(group.low), number.text(group.high));
    if (group.diverged > 0) parts << DistributionView::tr("%1 diverged and have none").arg(group.diverged);
    return DistributionView::tr("%1: %2.").arg(name, parts.join(QStringLiteral("; ")));
}

void fitAxis(DistributionScene& scene) {
    PlotAxis& axis = scene.axis;
    bool any = false;
    for (const RowGroup& group : scene.groups) {
        if (group.numbers.empty()) continue;
        const double low = group.low * scene.number.factor, high = group.high * scene.number.factor;
        axis.low = any ? std::min(axis.low, low) : low;
        axis.high = any ? std::max(axis.high, high) : high;
        any = true;
    }
    const bool decades = scene.number.isLoss && axis.low > 0 && axis.high / axis.low > decadesWorthALogarithm;
    axis.scale = decades ? AxisScale::logarithmic : AxisScale::linear;
    if (decades) {
        axis.low = roundBelow(axis.low);
        axis.high = 1 / roundBelow(1 / axis.high);
        return;
    }
    // A little room at both ends: dots at the edge are whole.
    const double room = axis.high > axis.low ? (axis.high - axis.low) * 0.04 : std::max(std::abs(axis.high) * 0.05, 1e-9);
    axis.low -= room;
    axis.high += room;
}

DistributionLayout distributionLayout(const DistributionScene& scene, const QRectF& rect) {
    DistributionLayout layout;
    if (scene.empty()) return layout;
    const Theme& theme = Theme::instance();
    const double left = widthOfLabels(scene) + theme.px(distributionViewGap), top = theme.px(distributionViewTopRoom);
    const auto groups = static_cast<double>(scene.groups.size());
    const double height = (rect.height() - top - theme.px(distributionViewAxisHeight)) / groups;
    layout.rowHeight =
        std::floor(std::clamp(height, double(theme.px(distributionViewLeastRow)), double(theme.px(distributionViewMostRow))));
    layout.plot = QRectF(rect.left() + left, rect.top() + top, std::max(rect.width() - left - theme.px(distributionViewGap), 1.0),
                         layout.rowHeight * groups);
    std::size_t most = 0;
    for (const RowGroup& group : scene.groups) most = std::max(most, group.numbers.size());
    layout.radius = theme.px(1) * (most > 60 ? smallestDot : largestDot);
    for (std::size_t g = 0; g < scene.groups.size(); ++g) layDots(layout, scene, g);
    return layout;
}

void paintDistribution(QPainter& painter, const DistributionScene& scene, const DistributionLayout& layout) {
    if (scene.empty()) return;
    const Theme& theme = Theme::instance();
    paintAxis(painter, scene, layout.plot);
    paintNames(painter, scene, layout);
    for (std::size_t g = 0; g < scene.groups.size(); ++g) paintSummary(painter, scene, layout, g);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ring = theme.color(Role::screen), fill = theme.color(Role::series1);
    fill.setAlphaF(0.85F);
    // Where dots lie close a ring around each would cover the others.
    painter.setPen(layout.radius > theme.px(smallestDot) ? QPen(ring, 0.8) : QPen(Qt::NoPen));
    painter.setBrush(fill);
    for (const DistributionDot& dot : layout.dots) painter.drawEllipse(dot.at, layout.radius, layout.radius);
    for (std::size_t g = 0; g < scene.groups.size(); ++g) paintMean(painter, scene, layout, g);
    painter.restore();
}

DistributionView::DistributionView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    whenThemed(this, &DistributionView::arrange);
    announce();
}

void DistributionView::setScene(DistributionScene scene) {
    m_scene = std::move(scene);
    arrange();
    announce();
}

void DistributionView::setChosen(std::optional<std::size_t> place) {
    if (place == m_chosen) return;
    m_chosen = place;
    announce();
    update();
}

QSize DistributionView::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    if (m_scene.empty()) return {theme.px(120), theme.px(60)};
    return {static_cast<int>(widthOfLabels(m_scene)) + theme.px(leastPlot + 3 * distributionViewGap),
            theme.px(distributionViewTopRoom + distributionViewAxisHeight) +
                theme.px(distributionViewLeastRow) * static_cast<int>(m_scene.groups.size())};
}

void DistributionView::arrange() {
    m_layout = distributionLayout(m_scene, rect());
    updateGeometry();
    update();
}

std::optional<DistributionDot> DistributionView::chosenDot() const {
    for (const DistributionDot& dot : m_layout.dots)
        if (m_chosen && m_scene.groups[dot.group].places[dot.index] == *m_chosen) return dot;
    return std::nullopt;
}

std::optional<DistributionDot> DistributionView::dotAt(const QPointF& position) const {
    std::optional<DistributionDot> best;
    double nearest = m_layout.radius + Theme::instance().px(4);
    for (const DistributionDot& dot : m_layout.dots) {
        const double distance = std::hypot(dot.at.x() - position.x(), dot.at.y() - position.y());
        if (distance < nearest) {
            nearest = distance;
            best = dot;
        }
    }
    return best;
}

QString DistributionView::describeDot(const DistributionDot& dot) const {
    const RowGroup& group = m_scene.groups[dot.group];
    return tr("%1 %2: %3 %4, number %5 of %6 from the lowest")
        .arg(m_scene.keyName, QString::fromStdString(group.value), m_scene.number.title, m_scene.number.text(group.numbers[dot.index]))
        .arg(dot.index + 1)
        .arg(group.numbers.size());
}

void DistributionView::announce() {
    QStringList sentences;
    if (const auto dot = chosenDot()) sentences += describeDot(*dot);
    for (std::size_t g = 0; g < m_scene.groups.size(); ++g) sentences += m_scene.describe(g);
    describePicture(this, tr("Distribution of %1").arg(m_scene.number.title),
                    sentences.isEmpty() ? tr("no runs") : sentences.join(QLatin1Char(' ')));
}

void DistributionView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (m_scene.empty()) return paintEmpty(painter, rect(), m_emptyText);
    paintDistribution(painter, m_scene, m_layout);
    painter.setRenderHint(QPainter::Antialiasing);
    if (const auto dot = chosenDot()) {
        painter.setPen(QPen(theme.color(Role::text), 1));
        painter.setBrush(theme.color(Role::fill));
        painter.drawEllipse(dot->at, m_layout.radius + 1.5, m_layout.radius + 1.5);
    }
    if (hasFocus() && FocusRing::byKeyboard())
        drawFrame(painter, QRectF(rect()).adjusted(1, 1, -1, -1), 0, theme.color(Role::accent), Qt::transparent, theme.px(2));
}

void DistributionView::resizeEvent(QResizeEvent*) {
    arrange();
}

void DistributionView::choose(std::size_t group, std::size_t index) {
    m_chosen = m_scene.groups[group].places[index];
    announce();
    update();
    emit rowChosen(*m_chosen);
}

void DistributionView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    if (const auto dot = dotAt(event->position())) choose(dot->group, dot->index);
}

void DistributionView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const auto dot = dotAt(event->position())) emit rowOpened(m_scene.groups[dot->group].places[dot->index]);
}

void DistributionView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void DistributionView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

/// Left and Right go from run to run of a value, Up and Down from value to value.
void DistributionView::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const auto dot = chosenDot();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && dot) return emit rowOpened(*m_chosen);
    const bool arrow = key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    if (!arrow || m_layout.dots.empty()) return QWidget::keyPressEvent(event);
    if (!dot) return choose(m_layout.dots.front().group, m_layout.dots.front().index);
    std::size_t group = dot->group, index = dot->index;
    const std::size_t count = m_scene.groups[group].numbers.size();
    if (key == Qt::Key_Left) index = index > 0 ? index - 1 : 0;
    if (key == Qt::Key_Right) index = std::min(index + 1, count - 1);
    if (key == Qt::Key_Up || key == Qt::Key_Down) {
        const int step = key == Qt::Key_Up ? -1 : 1;
        int next = static_cast<int>(group) + step;
        while (next >= 0 && next < static_cast<int>(m_scene.groups.size()) &&
               m_scene.groups[static_cast<std::size_t>(next)].numbers.empty())
            next += step;
        if (next < 0 || next >= static_cast<int>(m_scene.groups.size())) return;
        group = static_cast<std::size_t>(next);
        index = std::min(index, m_scene.groups[group].numbers.size() - 1);
    }
    choose(group, index);
}

bool DistributionView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || m_scene.empty()) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text;
    if (const auto dot = dotAt(help->pos())) {
        text = describeDot(*dot) + QLatin1Char('\n') + tr("Click chooses its row, a double click opens it as a run.");
    } else {
        const double row = (help->pos().y() - m_layout.plot.top()) / m_layout.rowHeight;
        if (row >= 0 && row < static_cast<double>(m_scene.groups.size())) text = m_scene.describe(static_cast<std::size_t>(row));
    }
    QToolTip::showText(help->globalPos(), text.isEmpty() ? text : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped()), this);
    return true;
}

}  // namespace lab
