#include "ui/pages/text/surprise_strip.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/pages/text/written_view.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int leftRoom = 44, rightRoom = 12, topRoom = 8, bottomRoom = 24;
constexpr int surpriseHeight = 118;
constexpr int axisStep = 4;  // bits

QRectF plotOf(const QRectF& room) {
    const Theme& theme = Theme::instance();
    return room.adjusted(theme.px(leftRoom), theme.px(topRoom), -theme.px(rightRoom), -theme.px(bottomRoom));
}

double meanOf(const std::vector<double>& bits) {
    return bits.empty() ? 0 : std::accumulate(bits.begin(), bits.end(), 0.0) / static_cast<double>(bits.size());
}

/// Between two ticks of an axis of so many tokens: 1, 2, 5, 10, 20, ...
int tickStep(int tokens) {
    int step = 1;
    for (int factor = 0; tokens / step > 8; ++factor) step = factor % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

struct StripScale {
    QRectF plot;
    int tokens;
    double most;  ///< bits

    double x(double token) const { return plot.left() + plot.width() * token / std::max(1, tokens); }
    double y(double bits) const { return plot.bottom() - plot.height() * std::min(bits, most) / most; }
};

void paintAxes(QPainter& painter, const StripScale& scale) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis));
    for (double bits = 0; bits <= scale.most; bits += axisStep) {
        drawHairline(painter, {scale.plot.left(), scale.y(bits)}, {scale.plot.right(), scale.y(bits)}, theme.color(Role::grid));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(scale.plot.left() - theme.px(40), scale.y(bits) - theme.px(8), theme.px(34), theme.px(16)),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(bits));
    }
    const int step = tickStep(scale.tokens);
    for (int token = 0; token <= scale.tokens; token += step)
        painter.drawText(QRectF(scale.x(token) - theme.px(30), scale.plot.bottom() + theme.px(3), theme.px(60), theme.px(16)),
                         Qt::AlignHCenter | Qt::AlignTop, QString::number(token));
}

/// One bar a px at most: of several tokens the highest.
void paintBars(QPainter& painter, const StripScale& scale, int prompt, const std::vector<double>& bits, int chosen) {
    const Theme& theme = Theme::instance();
    const double width = std::max(1.0, scale.x(1) - scale.x(0) - (scale.x(1) - scale.x(0) > 4 ? 1 : 0));
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const int position = prompt + static_cast<int>(i);
        const bool mine = position == chosen;
        const QColor color =
            mine ? theme.color(Role::fill) : QColor(ColorMap::themed(ColorMap::Kind::trace).color(0.3 + 0.7 * bits[i] / mostSurpriseShown));
        painter.fillRect(QRectF(scale.x(position), scale.y(bits[i]), width, scale.plot.bottom() - scale.y(bits[i])), color);
    }
}

void paintMean(QPainter& painter, const StripScale& scale, double mean) {
    const Theme& theme = Theme::instance();
    painter.setPen(QPen(theme.color(Role::text), devicePixel(painter), Qt::DotLine));
    painter.drawLine(QPointF(scale.plot.left(), scale.y(mean)), QPointF(scale.plot.right(), scale.y(mean)));
    const QString words = SurpriseStrip::tr("mean %1 bits").arg(fixed(mean, 2));
    painter.setFont(theme.font(TextSize::axis));
    const double width = textAdvance(painter.font(), words) + theme.px(6);
    const QRectF label(scale.plot.right() - width, std::max(scale.plot.top(), scale.y(mean) - theme.px(17)), width, theme.px(15));
    QColor ground = theme.color(Role::screen);
    ground.setAlpha(200);
    painter.fillRect(label, ground);
    painter.setPen(theme.color(Role::text));
    painter.drawText(label, Qt::AlignCenter, words);
}

void paintChosen(QPainter& painter, const StripScale& scale, int chosen) {
    const Theme& theme = Theme::instance();
    const QString words = SurpriseStrip::tr("token %1").arg(chosen);
    painter.setFont(theme.font(TextSize::axis, true));
    const double width = textAdvance(painter.font(), words) + theme.px(12);
    const double x = std::clamp(scale.x(chosen + 0.5) - width / 2, scale.plot.left(), scale.plot.right() - width);
    const QRectF label(x, scale.plot.bottom() + theme.px(3), width, theme.px(17));
    drawFrame(painter, label, theme.px(3), theme.color(Role::fillBorder), theme.color(Role::fill));
    painter.setPen(theme.color(Role::onFill));
    painter.drawText(label, Qt::AlignCenter, words);
}

}  // namespace

SurpriseStrip::SurpriseStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("Surprise along the text"));
}

QSize SurpriseStrip::sizeHint() const {
    return {Theme::instance().px(500), Theme::instance().px(surpriseHeight)};
}

QSize SurpriseStrip::minimumSizeHint() const {
    return {Theme::instance().px(200), Theme::instance().px(surpriseHeight)};
}

double SurpriseStrip::mean() const {
    return meanOf(m_bits);
}

void SurpriseStrip::setBits(int prompt, std::vector<double> bits, int chosen) {
    if (prompt == m_prompt && bits == m_bits && chosen == m_chosen) return;
    m_prompt = prompt;
    m_bits = std::move(bits);
    m_chosen = chosen;
    describePicture(this, tr("Surprise along the text"), m_bits.empty() ? QString() : tr("mean %1 bits").arg(fixed(mean(), 2)));
    update();
}

void SurpriseStrip::paint(QPainter& painter, const QRectF& room, int prompt, const std::vector<double>& bits, int chosen) {
    const Theme& theme = Theme::instance();
    const double highest = bits.empty() ? 0 : *std::ranges::max_element(bits);
    const StripScale scale{plotOf(room), prompt + static_cast<int>(bits.size()),
                           std::max(mostSurpriseShown, axisStep * std::ceil(highest / axisStep))};
    paintAxes(painter, scale);
    const QRectF before(scale.plot.left(), scale.plot.top(), scale.x(prompt) - scale.plot.left(), scale.plot.height());
    painter.fillRect(before, theme.color(Role::track));
    painter.setPen(theme.color(Role::muted));
    if (before.width() > theme.px(60)) painter.drawText(before, Qt::AlignCenter, tr("prompt"));
    paintBars(painter, scale, prompt, bits, chosen);
    if (!bits.empty()) paintMean(painter, scale, meanOf(bits));
    if (chosen >= prompt) paintChosen(painter, scale, chosen);
}

void SurpriseStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_bits.empty()) return paintEmpty(painter, rect(), tr("Nothing is written yet"));
    paint(painter, rect(), m_prompt, m_bits, m_chosen);
    if (hasFocus()) drawFocusRing(painter, QRectF(rect()).adjusted(2, 2, -2, -2), 2);
}

void SurpriseStrip::mousePressEvent(QMouseEvent* event) {
    const QRectF plot = plotOf(rect());
    const int tokens = m_prompt + static_cast<int>(m_bits.size());
    const int position = static_cast<int>(std::floor((event->position().x() - plot.left()) / plot.width() * tokens));
    if (event->button() == Qt::LeftButton && position >= m_prompt && position < tokens) emit tokenChosen(position);
}

void SurpriseStrip::keyPressEvent(QKeyEvent* event) {
    const int last = m_prompt + static_cast<int>(m_bits.size()) - 1;
    const int from = m_chosen >= 0 ? m_chosen : last;
    const int key = event->key();
    if (m_bits.empty() || (key != Qt::Key_Left && key != Qt::Key_Right && key != Qt::Key_Home && key != Qt::Key_End))
        return QWidget::keyPressEvent(event);
    const int wanted = key == Qt::Key_Home ? m_prompt : key == Qt::Key_End ? last : from + (key == Qt::Key_Left ? -1 : 1);
    emit tokenChosen(std::clamp(wanted, m_prompt, last));
}

}  // namespace lab
