#include "ui/pages/memory/modern_flow.h"

#include <QCoreApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int margin = 20, titleHeight = 20, lineHeight = 16;
constexpr int largestPicture = 112, smallPicture = 76, wideFrom = 560;
constexpr int arrowRoom = 24, scoreWidth = 52, numberWidth = 46;
constexpr int highestRow = 54, twoLinesFrom = 34, leastRow = 20;

struct ModernFlowText {
    Q_DECLARE_TR_FUNCTIONS(ModernFlow)
};

/// Where the parts stand.
struct Places {
    QRectF query, rows, mixture;
    double rowHeight = 0;
    double picture = 0;
};

Places placesIn(const QRectF& room, int rows) {
    const Theme& theme = Theme::instance();
    Places places;
    const double side = theme.px(margin), top = room.top() + theme.px(titleHeight);
    const double height = room.height() - theme.px(titleHeight);
    places.picture = theme.px(room.width() >= theme.px(wideFrom) ? largestPicture : smallPicture);
    if (rows == 0) {  // one above the other
        const double half = height / 2 - theme.px(8);
        places.picture = std::max(8.0, std::min(room.width() - 2 * side, half - 2 * theme.px(lineHeight)));
        places.query = QRectF(room.left() + side, top, room.width() - 2 * side, half);
        places.mixture =
            QRectF(room.left() + side, top + half + theme.px(titleHeight), room.width() - 2 * side, half - theme.px(titleHeight));
        return places;
    }
    places.query = QRectF(room.left() + side, top, places.picture, height);
    places.mixture = QRectF(room.right() - side - places.picture, top, places.picture, height);
    places.rows = QRectF(QPointF(places.query.right() + theme.px(arrowRoom), top),
                         QPointF(places.mixture.left() - theme.px(arrowRoom), room.bottom()));
    places.rowHeight = std::min<double>(theme.px(highestRow), height / std::max(rows, 1));
    return places;
}

void drawArrow(QPainter& painter, const QPointF& to, double length) {
    const double head = length / 4;
    painter.drawLine(QPointF(to.x() - length, to.y()), to);
    painter.drawLine(QPointF(to.x() - head, to.y() - head), to);
    painter.drawLine(QPointF(to.x() - head, to.y() + head), to);
}

void drawTitle(QPainter& painter, const QRectF& over, const QString& text, Qt::Alignment side) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRectF(over.left(), over.top() - theme.px(titleHeight), over.width(), theme.px(titleHeight)), side, text);
}

/// Lines below a picture.
void drawLines(QPainter& painter, const QRectF& room, double top, const std::vector<std::pair<QString, Role>>& lines) {
    const Theme& theme = Theme::instance();
    const double slack = theme.px(margin - 2);
    for (const auto& [text, role] : lines) {
        painter.setFont(theme.font(role == Role::muted ? TextSize::caption : TextSize::axis, role != Role::muted));
        painter.setPen(theme.color(role));
        drawElided(painter, QRectF(room.left() - slack, top, room.width() + 2 * slack, theme.px(lineHeight)), Qt::AlignHCenter, text);
        top += theme.px(lineHeight);
    }
}

bool isPicture(const ModernLook& look) {
    return !look.asked.signs.empty();
}

/// The query itself where an update does not move it.
const ModernLook::Moment& afterOne(const ModernLook& look) {
    return look.moments[look.moments.size() > 1 ? 1 : 0];
}

QString wrongText(int wrong) {
    return ModernFlowText::tr("%1 wrong").arg(wrong);
}

void paintQuery(QPainter& painter, const Places& places, const ModernLook& look, const VectorForm& form) {
    const QRectF room(places.query.center().x() - places.picture / 2, places.query.top(), places.picture, places.picture);
    drawTitle(painter, places.query, ModernFlowText::tr("query ξ"), Qt::AlignHCenter);
    const QRectF picture = paintVector(painter, room, look.asked.query, form);
    std::vector<std::pair<QString, Role>> lines;
    if (isPicture(look)) lines.emplace_back(wrongText(look.moments.front().wrong), Role::text);
    lines.emplace_back(ModernFlowText::tr("d = %1").arg(look.asked.patterns.dimension), Role::muted);
    drawLines(painter, QRectF(room.left(), 0, room.width(), 0), picture.bottom() + 4, lines);
}

void paintMixture(QPainter& painter, const Places& places, const ModernLook& look, VectorForm form) {
    form.picture = false;
    const QRectF room(places.mixture.center().x() - places.picture / 2, places.mixture.top(), places.picture, places.picture);
    drawTitle(painter, places.mixture, ModernFlowText::tr("Σ weight · x"), Qt::AlignHCenter);
    const QRectF picture = paintVector(painter, room, look.mixture, form);
    std::vector<std::pair<QString, Role>> lines;
    const ModernLook::Moment& one = afterOne(look);
    if (isPicture(look))
        lines.emplace_back(verdictText(one.wrong == 0, ModernFlowText::tr("%1 wrong after one").arg(one.wrong)),
                           verdictRole(one.wrong == 0));
    const double before = look.moments.front().energy, after = one.energy;
    lines.emplace_back(ModernFlowText::tr("E %1 → %2").arg(significant(before, 4), significant(after, 4)), Role::muted);
    drawLines(painter, QRectF(room.left(), 0, room.width(), 0), picture.bottom() + 4, lines);
}

QString nameOf(const ModernLook& look, int row) {
    return QString::fromStdString(look.asked.names[static_cast<std::size_t>(row)]);
}

void paintRow(QPainter& painter, const QRectF& line, const ModernLook& look, const VectorForm& form, int row) {
    const Theme& theme = Theme::instance();
    const auto index = static_cast<std::size_t>(row);
    const bool target = row == look.asked.target;
    if (target) painter.fillRect(line.adjusted(0, 1, 0, -1), theme.color(Role::selection));
    const double side = line.height() - 4;
    const double* x = look.asked.patterns.row(row);
    const QRectF picture =
        paintVector(painter, QRectF(line.left() + 2, line.top() + 2, side, side), {x, x + look.asked.patterns.dimension}, form);
    const double number = theme.px(numberWidth), score = theme.px(scoreWidth);
    const double left = picture.right() + theme.px(6), room = line.right() - left - number - score;
    const double names = std::min<double>(theme.px(100), room / 2);
    const QRectF words(left, line.top(), names, line.height());
    const bool two = line.height() >= theme.px(twoLinesFrom);
    painter.setFont(theme.font(TextSize::axis, target));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, two ? words.adjusted(0, line.height() / 2 - theme.px(lineHeight), 0, -line.height() / 2) : words, Qt::AlignLeft,
               nameOf(look, row));
    if (two) {
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, words.adjusted(0, line.height() / 2, 0, theme.px(lineHeight) - line.height() / 2), Qt::AlignLeft,
                   ModernFlowText::tr("ξ·x = %1").arg(isPicture(look) ? fixed(look.dots[index], 0) : significant(look.dots[index], 3)));
    }
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(words.right(), line.top(), score - theme.px(6), line.height()), Qt::AlignRight | Qt::AlignVCenter,
                     fixed(look.asked.beta * look.dots[index], 2));
    const QRectF track(words.right() + score, line.center().y() - theme.px(7), std::max(4.0, room - names), theme.px(14));
    painter.fillRect(track, theme.color(Role::track));
    painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * look.weights[index], track.height())), theme.color(Role::series1));
    painter.setFont(theme.font(TextSize::axis, true));
    painter.drawText(QRectF(track.right(), line.top(), number, line.height()), Qt::AlignRight | Qt::AlignVCenter,
                     fixed(look.weights[index], 3));
}

void paintRowTitles(QPainter& painter, const Places& places) {
    const Theme& theme = Theme::instance();
    const double side = places.rowHeight - 4, number = theme.px(numberWidth), score = theme.px(scoreWidth);
    const double left = places.rows.left() + 2 + side + theme.px(6), room = places.rows.right() - left - number - score;
    const double names = std::min<double>(theme.px(100), room / 2);
    const auto over = [&](double from, double width) { return QRectF(from, places.rows.top(), width, 0); };
    drawTitle(painter, over(places.rows.left(), side + names), ModernFlowText::tr("patterns x"), Qt::AlignLeft);
    drawTitle(painter, over(left + names - theme.px(10), score + theme.px(4)), QStringLiteral("β ξ·x"), Qt::AlignRight);
    drawTitle(painter, over(left + names + score, room - names + number), ModernFlowText::tr("softmax"), Qt::AlignLeft);
}

}  // namespace

ModernFlow::ModernFlow(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    describePicture(this, tr("One update"));
}

int ModernFlow::rows() const {
    return m_look && m_look->asked.patterns.count <= mostRows ? m_look->asked.patterns.count : 0;
}

void ModernFlow::setLook(ModernLookPtr look, const VectorForm& form) {
    m_look = std::move(look);
    m_form = form;
    QStringList spoken;
    for (int row = 0; row < rows(); ++row)
        spoken << tr("%1: %2").arg(nameOf(*m_look, row), fixed(m_look->weights[static_cast<std::size_t>(row)], 3));
    if (m_look && isPicture(*m_look))
        spoken << tr("%1 pixels wrong before, %2 after one update").arg(m_look->moments.front().wrong).arg(afterOne(*m_look).wrong);
    describePicture(this, tr("One update"), spoken.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QRect ModernFlow::rowRect(int row) const {
    const Places places = placesIn(rect(), rows());
    return QRectF(places.rows.left(), places.rows.top() + row * places.rowHeight, places.rows.width(), places.rowHeight).toRect();
}

QSize ModernFlow::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(rows() ? 620 : 150), theme.px(titleHeight + 4 * highestRow)};
}

QSize ModernFlow::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(rows() ? 430 : 120), theme.px(titleHeight + std::max(8 * leastRow, smallPicture + 3 * lineHeight))};
}

void ModernFlow::paint(QPainter& painter, const QRectF& room, const ModernLook& look, const VectorForm& form) {
    const Theme& theme = Theme::instance();
    const int rows = look.asked.patterns.count <= mostRows ? look.asked.patterns.count : 0;
    const Places places = placesIn(room, rows);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintQuery(painter, places, look, form);
    paintMixture(painter, places, look, form);
    if (rows > 0) paintRowTitles(painter, places);
    for (int row = 0; row < rows; ++row)
        paintRow(painter, QRectF(places.rows.left(), places.rows.top() + row * places.rowHeight, places.rows.width(), places.rowHeight),
                 look, form, row);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(Role::controlBorder), 1.5 * theme.scale()));
    if (rows > 0) {
        const double middle = places.query.top() + places.picture / 2, length = theme.px(arrowRoom - 10);
        drawArrow(painter, QPointF(places.rows.left() - theme.px(5), middle), length);
        drawArrow(painter, QPointF(places.mixture.left() - theme.px(5), middle), length);
    }
    painter.restore();
}

void ModernFlow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    if (!m_look) return paintEmpty(painter, rect(), tr("No pattern is stored."));
    paint(painter, rect(), *m_look, m_form);
    if (hasFocus() && rows() > 0 && m_look->asked.target >= 0)
        drawFocusRing(painter, QRectF(rowRect(m_look->asked.target)).adjusted(2, 2, -2, -2), 2);
}

void ModernFlow::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    for (int row = 0; row < rows(); ++row)
        if (rowRect(row).contains(event->pos())) emit chosen(row);
}

void ModernFlow::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (by == 0 || rows() == 0) return QWidget::keyPressEvent(event);
    const int next = std::clamp(m_look->asked.target + by, 0, rows() - 1);
    if (next != m_look->asked.target) emit chosen(next);
}

bool ModernFlow::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !m_look) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text =
        tr("ξ′ = X softmax(β Xᵀξ): every pattern is compared with the query, the softmax turns the products into weights, and the "
           "patterns are mixed by them (Ramsauer 2020, equation 3)");
    for (int row = 0; row < rows(); ++row) {
        if (!rowRect(row).contains(help->pos())) continue;
        const auto index = static_cast<std::size_t>(row);
        const RetrievalError& error = m_look->errors[index];
        text = tr("%1: ξ·x = %2, times β %3, weight %4\nseparation Δ = x·x − the largest x·y = %5\nClick to ask for it")
                   .arg(nameOf(*m_look, row), significant(m_look->dots[index], 4), significant(m_look->asked.beta * m_look->dots[index], 4),
                        significant(m_look->weights[index], 4), significant(error.separation, 4));
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

ModernSamples::ModernSamples(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Results under three β"));
    setToolTip(tr("What one update finds with a sixteenth, a quarter and all of β: wrong pixels, and the largest weight"));
}

void ModernSamples::setLook(ModernLookPtr look, const VectorForm& form) {
    m_look = std::move(look);
    m_form = form;
    QStringList spoken;
    if (m_look)
        for (const ModernLook::Sample& sample : m_look->samples)
            spoken << tr("β %1: largest weight %2").arg(significant(sample.beta, 2), fixed(sample.largest, 2));
    describePicture(this, tr("Results under three β"), spoken.join(QStringLiteral(", ")));
    update();
}

QSize ModernSamples::sizeHint() const {
    return {Theme::instance().px(132), Theme::instance().px(160)};
}
QSize ModernSamples::minimumSizeHint() const {
    return {Theme::instance().px(112), Theme::instance().px(100)};
}

void ModernSamples::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    if (!m_look) return;
    const double line = height() / 3.0, side = std::min<double>(line - theme.px(6), theme.px(48));
    VectorForm form = m_form;
    form.picture = false;
    for (std::size_t i = 0; i < m_look->samples.size(); ++i) {
        const ModernLook::Sample& sample = m_look->samples[i];
        const double top = static_cast<double>(i) * line;
        paintVector(painter, QRectF(theme.px(2), top + (line - side) / 2, side, side), sample.mixture, form);
        std::vector<QString> words{tr("β %1").arg(significant(sample.beta, 2))};
        if (isPicture(*m_look)) words.push_back(wrongText(sample.wrong));
        words.push_back(fixed(sample.largest, 2));
        const double step = std::min<double>(theme.px(lineHeight), line / static_cast<double>(words.size()));
        double at = top + (line - step * static_cast<double>(words.size())) / 2;
        for (std::size_t w = 0; w < words.size(); ++w, at += step) {
            painter.setFont(theme.font(w == 0 ? TextSize::axis : TextSize::caption, w == 0 && i + 1 == m_look->samples.size()));
            painter.setPen(theme.color(w == 0 ? Role::text : Role::muted));
            drawElided(painter, QRectF(side + theme.px(8), at, width() - side - theme.px(8), step), Qt::AlignLeft, words[w]);
        }
    }
}

}  // namespace lab
