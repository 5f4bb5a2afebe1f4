#include "ui/pages/positions/score_bars.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int axisColumn = 46;
constexpr int scoreBar = 52;
constexpr int widestSlot = 44;  // unless aligned
constexpr int widestBar = 44;
constexpr double barTone = 0.62;  // on the balance map

QColor barColor(double term) {
    return ColorMap::themed(ColorMap::Kind::balance).color(0.5 + (term >= 0 ? barTone : -barTone) / 2);
}

}  // namespace

PairColumns PairColumns::in(int width, int pairs, double widest) {
    const Theme& theme = Theme::instance();
    const double left = theme.px(axisColumn + 8), room = width - left - theme.px(scoreBar + 34);
    return {left, std::min(widest, std::max(room, 1.0) / std::max(pairs, 1))};
}

ScoreBars::ScoreBars(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    connect(&study, &RopeStudy::vectorsChanged, this, &ScoreBars::describe);
    connect(&study, &RopeStudy::positionsChanged, this, &ScoreBars::describe);
    describe();
}

void ScoreBars::describe() {
    setToolTip(
        sentences({tr("Pair p adds \u03BA\u00B2 |q||k| cos(\u2220q \u2212 \u2220k + (m \u2212 n) \u03B8) / \u221A"
                      "d\u2095; the sum of the "
                      "pairs is %1.")
                       .arg(m_study.theSum()),
                   m_study.otherScores(), tr("\u03BA is the attention factor of YaRN and LongRoPE, else 1. A click chooses the pair.")}));
    describePicture(
        this, tr("The pairs add up to %1").arg(m_study.theSum()),
        m_study.pairs() > 0 ? tr("%1 %2").arg(m_study.sumName(), fixed(m_study.geometry().score(m_study.distance()), 4)) : QString());
    update();
}

void ScoreBars::setAligned(bool aligned) {
    m_aligned = aligned;
    update();
}

QSize ScoreBars::sizeHint() const {
    return {Theme::instance().px(452), Theme::instance().px(190)};
}
QSize ScoreBars::minimumSizeHint() const {
    return {Theme::instance().px(260), Theme::instance().px(110)};
}

ScoreBars::Frame ScoreBars::frame() const {
    const Theme& theme = Theme::instance();
    double low = 0, high = 0, sum = 0;
    for (int p = 0; p < m_study.pairs(); ++p) {
        sum += m_study.geometry().term(p, m_study.distance());
        low = std::min(low, sum);
        high = std::max(high, sum);
    }
    const double spread = std::max(high - low, 1e-6);
    Frame at{};
    at.left = theme.px(axisColumn);
    at.right = width() - theme.px(8);
    at.top = theme.px(20);
    at.bottom = height() - theme.px(24);
    // Below the lowest bar stands its number.
    at.low = low < 0 ? low - spread * std::max(0.12, theme.px(18) / std::max(1.0, at.bottom - at.top - theme.px(18))) : 0;
    at.high = high + (low < 0 ? 0 : 1) * spread * 0.02;
    if (at.high <= at.low) at.high = at.low + 1;
    at.columns = PairColumns::in(width(), m_study.pairs(), m_aligned ? 1e9 : theme.px(widestSlot));
    at.decimals = fittingDecimals(at.columns.slot);
    at.bar = std::clamp(at.columns.slot * 0.68, 1.0, static_cast<double>(theme.px(widestBar)));
    return at;
}

/// Negative when not even whole numbers fit.
int ScoreBars::fittingDecimals(double slot) const {
    const Theme& theme = Theme::instance();
    for (int decimals = m_study.decimals(); decimals >= 1; --decimals) {
        int widest = 0;
        for (int p = 0; p < m_study.pairs(); ++p)
            widest = std::max(
                widest, textWidth(theme.font(TextSize::caption), signedFixed(m_study.geometry().term(p, m_study.distance()), decimals)));
        if (widest + theme.px(2) <= slot) return decimals;
    }
    return -1;
}

void ScoreBars::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    if (m_study.pairs() == 0) return;
    const Frame at = frame();
    const AxisTicks ticks =
        inColumn(axisTicks(AxisScale::linear, at.low, at.high, std::max(2, static_cast<int>((at.bottom - at.top) / theme.px(38)))));
    painter.setFont(theme.font(TextSize::caption));
    for (const auto& label : ticks.labels) {
        drawHairline(painter, {at.left, at.y(label.value)}, {at.right, at.y(label.value)}, theme.color(Role::grid));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(0, at.y(label.value) - theme.px(8), at.left - theme.px(6), theme.px(16)), Qt::AlignRight | Qt::AlignVCenter,
                         label.text);
    }
    drawHairline(painter, {at.left, at.y(0)}, {at.right, at.y(0)}, theme.color(Role::controlBorder));
    double sum = 0;
    for (int p = 0; p < m_study.pairs(); ++p) {
        const double before = sum;
        sum += m_study.geometry().term(p, m_study.distance());
        paintBar(painter, at, p, before, sum);
    }
    const double left = at.columns.start(m_study.pairs()) + theme.px(8);
    const QRectF bar(left, std::min(at.y(sum), at.y(0)), theme.px(scoreBar), std::max(1.0, std::abs(at.y(sum) - at.y(0))));
    painter.fillRect(bar, barColor(sum));
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(TextSize::token, true));
    const double textTop = sum >= 0 ? bar.top() - theme.px(19) : bar.bottom() + theme.px(1);
    painter.drawText(QRectF(left - theme.px(20), std::min<double>(textTop, height() - theme.px(40)), theme.px(scoreBar + 40), theme.px(18)),
                     Qt::AlignCenter, fixed(sum, std::max(m_study.decimals(), 3)));
    painter.setFont(theme.font(TextSize::axis, true));
    painter.drawText(QRectF(left - theme.px(10), height() - theme.px(22), theme.px(scoreBar + 20), theme.px(18)), Qt::AlignCenter,
                     m_study.sumName());
}

void ScoreBars::paintBar(QPainter& painter, const Frame& at, int pair, double from, double to) const {
    const Theme& theme = Theme::instance();
    const double slot = at.columns.slot, x = at.columns.start(pair) + (slot - at.bar) / 2, term = to - from;
    const QRectF bar(x, at.y(std::max(from, to)), at.bar, std::max<double>(theme.px(1), std::abs(at.y(from) - at.y(to))));
    painter.fillRect(bar, barColor(term));
    const bool chosen = pair == m_study.pair();
    if (chosen) drawFrame(painter, bar.adjusted(-1, -1, 1, 1), 0, theme.color(Role::fill), Qt::transparent, 2 * theme.scale());
    const double onward = pair + 1 < m_study.pairs() ? slot : (slot + at.bar) / 2 + theme.px(8);
    drawHairline(painter, {x, at.y(to)}, {x + onward, at.y(to)}, theme.color(Role::muted));
    if (at.decimals > 0) {
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::text));
        const double y = term >= 0 ? bar.top() - theme.px(15) : bar.bottom() + theme.px(1);
        painter.drawText(QRectF(x - theme.px(10), y, at.bar + theme.px(20), theme.px(14)), Qt::AlignCenter, signedFixed(term, at.decimals));
    }
    if (slot >= theme.px(20) || chosen || pair % std::max(1, static_cast<int>(std::ceil(theme.px(22) / slot))) == 0) {
        painter.setFont(theme.font(TextSize::axis, chosen));
        painter.setPen(theme.color(chosen ? Role::text : Role::muted));
        painter.drawText(QRectF(x - theme.px(10), height() - theme.px(22), at.bar + theme.px(20), theme.px(18)), Qt::AlignCenter,
                         QString::number(pair));
    }
}

void ScoreBars::mousePressEvent(QMouseEvent* event) {
    const Frame at = frame();
    const int pair = static_cast<int>(std::floor((event->position().x() - at.columns.left) / at.columns.slot));
    if (pair >= 0 && pair < m_study.pairs()) m_study.setPair(pair);
}

}  // namespace lab
