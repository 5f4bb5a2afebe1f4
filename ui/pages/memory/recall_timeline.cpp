#include "ui/pages/memory/recall_timeline.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/pages/memory/recall_clock.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/bar_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int timelineHeight = 60, gap = 12, updateWidth = 150;
constexpr int sideMargin = 7, topMargin = 6, screenHeight = 30, flipTick = 4, stripHeight = 56, labelDistance = 90;
constexpr int far = 16;
constexpr float fillOpacity = 0.18F;

int distanceFor(double needed) {
    for (int power = 1;; power *= 10)
        for (const int step : {1, 2, 5})
            if (step * power >= needed) return step * power;
}

QString flipsText(std::int64_t flips) {
    return counted(LAB_PLURAL("memory", "%1 pixel(s) flipped so far"), flips, {grouped(flips)});
}

}  // namespace

EnergyStrip::EnergyStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("Updates"));
}

void EnergyStrip::setStudy(RecallStudyPtr study, int shown) {
    m_study = std::move(study);
    m_shown = m_study ? std::clamp(shown, 0, m_study->updates()) : 0;
    describePicture(this, tr("Updates"),
                    m_study ? tr("update %1 of %2, energy %3")
                                  .arg(grouped(m_shown), grouped(m_study->updates()),
                                       fixed(m_study->recall.energies[static_cast<std::size_t>(m_shown)], 1))
                            : QString());
    update();
}

QSize EnergyStrip::sizeHint() const {
    return {Theme::instance().px(800), Theme::instance().px(stripHeight)};
}
QSize EnergyStrip::minimumSizeHint() const {
    return {Theme::instance().px(120), Theme::instance().px(stripHeight)};
}

QRectF EnergyStrip::screen() const {
    const Theme& theme = Theme::instance();
    const int side = theme.px(sideMargin);
    return QRectF(side, theme.px(topMargin), width() - 2 * side, theme.px(screenHeight));
}

double EnergyStrip::xOf(int update) const {
    const QRectF rect = screen();
    const int last = m_study ? std::max(1, m_study->updates()) : 1;
    return rect.left() + rect.width() * update / last;
}

void EnergyStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawFrame(painter, screen(), 0, theme.color(Role::hairline), theme.color(Role::screen));
    if (!m_study) return;
    paintCurve(painter);
    paintFlips(painter);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const int last = m_study->updates();
    const int distance = distanceFor(static_cast<double>(last) * theme.px(labelDistance) / std::max(1.0, screen().width()));
    for (int update = 0; update <= last; update += distance) {
        const QString text = grouped(update);
        const double wide = textWidth(painter.font(), text);
        const double left = std::clamp(xOf(update) - wide / 2, 0.0, std::max(width() - wide, 0.0));
        painter.drawText(QRectF(left, screen().bottom() + theme.px(flipTick) + 1, wide, theme.px(14)), Qt::AlignCenter, text);
    }
    paintPlayhead(painter);
}

/// Up to the shown update: what comes behind it is not known yet to whoever looks on.
void EnergyStrip::paintCurve(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    const std::vector<double>& energies = m_study->recall.energies;
    const auto [low, high] = std::ranges::minmax(energies);
    const double margin = theme.px(3), span = std::max(high - low, 1e-9);
    const auto yOf = [&, low = low](double energy) {
        return rect.bottom() - margin - (energy - low) / span * (rect.height() - 2 * margin);
    };
    QPolygonF line;
    const int stride = std::max(1, static_cast<int>(m_study->updates() / std::max(1.0, rect.width())));
    for (int update = 0; update <= m_shown; update += stride) line << QPointF(xOf(update), yOf(energies[static_cast<std::size_t>(update)]));
    line << QPointF(xOf(m_shown), yOf(energies[static_cast<std::size_t>(m_shown)]));
    painter.save();
    painter.setClipRect(rect);
    painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF area = line;
    area << QPointF(line.last().x(), rect.bottom()) << QPointF(line.first().x(), rect.bottom());
    QColor fill = theme.color(Role::series1);
    fill.setAlphaF(fillOpacity);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(area);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.color(Role::series1), 1.5 * theme.scale()));
    painter.drawPolyline(line);
    painter.restore();
}

void EnergyStrip::paintFlips(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const double dot = devicePixel(painter), top = screen().bottom() + 1;
    double last = -1;
    for (const Flip& flip : m_study->recall.flips) {
        if (flip.update > m_shown) break;
        const double x = std::floor(xOf(flip.update) / dot) * dot;
        if (x != last) painter.fillRect(QRectF(x, top, dot, theme.px(flipTick)), theme.color(Role::muted));
        last = x;
    }
}

void EnergyStrip::paintPlayhead(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF rect = screen();
    const double x = xOf(m_shown), s = theme.scale();
    painter.fillRect(QRectF(x - s, rect.top() - 3 * s, 2 * s, rect.height() + 9 * s), theme.color(Role::accent));
    painter.setRenderHint(QPainter::Antialiasing);
    const double top = rect.top() - 5 * s;
    painter.setPen(QPen(theme.color(Role::fillBorder), 1));
    painter.setBrush(theme.color(Role::fill));
    painter.drawPolygon(QPolygonF{QPointF(x - 6 * s, top), QPointF(x + 6 * s, top), QPointF(x + 6 * s, top + 5 * s),
                                  QPointF(x, top + 11 * s), QPointF(x - 6 * s, top + 5 * s)});
    if (hasFocus()) drawFrame(painter, QRectF(x - 8 * s, top, 16 * s, 13 * s), 2 * s, theme.color(Role::accent), Qt::transparent, 2 * s);
}

void EnergyStrip::choose(double x) {
    if (!m_study) return;
    const QRectF rect = screen();
    const double share = std::clamp((x - rect.left()) / rect.width(), 0.0, 1.0);
    emit updateChosen(static_cast<int>(std::lround(share * m_study->updates())));
}

void EnergyStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) choose(event->position().x());
}

void EnergyStrip::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) choose(event->position().x());
}

void EnergyStrip::keyPressEvent(QKeyEvent* event) {
    if (!m_study) return QWidget::keyPressEvent(event);
    const int by = event->modifiers().testFlag(Qt::ShiftModifier) ? far : 1;
    switch (event->key()) {
        case Qt::Key_Left:
            return emit updateChosen(std::max(0, m_shown - by));
        case Qt::Key_Right:
            return emit updateChosen(std::min(m_study->updates(), m_shown + by));
        case Qt::Key_Home:
            return emit updateChosen(0);
        case Qt::Key_End:
            return emit updateChosen(m_study->updates());
        default:
            return QWidget::keyPressEvent(event);
    }
}

RecallTimeline::RecallTimeline(RecallClock& clock, QWidget* parent)
    : QWidget(parent),
      m_clock(clock),
      m_strip(named("memory.timeline.strip", new EnergyStrip)),
      m_update(new ThemedLabel({}, TextSize::text, Role::accent, true)),
      m_flips(named("memory.timeline.flips", new ThemedLabel({}, TextSize::caption, Role::muted))) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(new BarLabel({tr("Updates")}));
    layout->addWidget(m_strip, 1);
    auto* story = new QVBoxLayout;
    story->setSpacing(0);
    story->addStretch();
    story->addWidget(m_update);
    story->addWidget(m_flips);
    story->addStretch();
    layout->addLayout(story);
    connect(m_strip, &EnergyStrip::updateChosen, &m_clock, &RecallClock::show);
    connect(&m_clock, &RecallClock::changed, this, &RecallTimeline::showState);
    followTheme(this, &RecallTimeline::applyMeasures);
    showState();
}

void RecallTimeline::setStudy(RecallStudyPtr study) {
    m_study = std::move(study);
    showState();
}

void RecallTimeline::showState() {
    m_strip->setStudy(m_study, m_clock.shown());
    if (!m_study) {
        m_update->setText({});
        return m_flips->setText({});
    }
    const int shown = std::clamp(m_clock.shown(), 0, m_study->updates());
    m_update->setText(tr("update %1").arg(grouped(shown)));
    const auto done = static_cast<std::int64_t>(m_study->recall.flipsBy(shown));
    m_flips->setText(flipsText(done));
}

void RecallTimeline::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedHeight(theme.px(timelineHeight));
    layout()->setContentsMargins(0, 1, theme.px(gap), 0);
    layout()->setSpacing(theme.px(gap));
    m_update->setMinimumWidth(theme.px(updateWidth));
    // As wide as a long story, or the strip would move with every digit.
    constexpr std::int64_t manyFlips = 9999;
    m_flips->setMinimumWidth(static_cast<int>(std::ceil(textWidth(theme.font(TextSize::caption), flipsText(manyFlips)))));
    update();
}

void RecallTimeline::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), theme.color(Role::hairline));
}

}  // namespace lab
