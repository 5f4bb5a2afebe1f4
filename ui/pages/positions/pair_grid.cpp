#include "ui/pages/positions/pair_grid.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/pages/positions/pair_columns.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double cellAspect = 126.0 / 101.0;
constexpr int tallestRow = 170;
constexpr int captionRow = 20;
/// Narrower cells have room for the pair's number alone.
constexpr int roomForWord = 60;

}  // namespace

PhaseArrows arrowsOf(const RopeStudy& study, int pair) {
    const RopePair& p = study.geometry().pairs()[static_cast<std::size_t>(pair)];
    return {p.theta, p.queryLength, p.queryPhase, p.keyLength, p.keyPhase, study.queryPosition(), study.keyPosition()};
}

PairGrid::PairGrid(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    connect(&study, &RopeStudy::vectorsChanged, this, &PairGrid::describe);
    connect(&study, &RopeStudy::positionsChanged, this, &PairGrid::describe);
    whenThemed(this, &PairGrid::fitHeight);
    setToolTip(
        tr("q and k of each pair of channels: dashed before the rotation, solid after it. Above, the angle \u03B8 a position adds; below, "
           "what the pair adds to q \u00B7 k / \u221A"
           "d\u2095 of the turned vectors."));
    describe();
}

void PairGrid::setAligned(bool aligned) {
    m_aligned = aligned;
    fitHeight();
    update();
}

void PairGrid::fitHeight() {
    if (m_aligned) {
        const double row = PairColumns::in(width(), m_study.pairs()).slot * cellAspect;
        setFixedHeight(static_cast<int>(std::min<double>(row, Theme::instance().px(tallestRow))));
    } else {
        setMinimumHeight(0);
        setMaximumHeight(QWIDGETSIZE_MAX);
    }
}

void PairGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) fitHeight();
}

void PairGrid::describe() {
    const int pair = m_study.pair();
    const QString value = m_study.pairs() == 0
                              ? QString()
                              : tr("pair %1 adds %2").arg(pair).arg(signedFixed(m_study.geometry().term(pair, m_study.distance()), 3));
    describePicture(this, counted(LAB_PLURAL("positions", "All %n pair(s)"), m_study.pairs()), value);
    update();
}

QSize PairGrid::sizeHint() const {
    return {Theme::instance().px(404), Theme::instance().px(254)};
}
QSize PairGrid::minimumSizeHint() const {
    return {Theme::instance().px(240), Theme::instance().px(160)};
}

/// As many columns as make the largest circles.
int PairGrid::columns() const {
    const int pairs = std::max(m_study.pairs(), 1);
    if (m_aligned) return pairs;
    int best = 1;
    double largest = 0;
    for (int columns = 1; columns <= pairs; ++columns) {
        const int rows = (pairs + columns - 1) / columns;
        const double cell = std::min(width() / static_cast<double>(columns), height() / static_cast<double>(rows) / cellAspect);
        if (cell > largest + 0.5) best = columns, largest = cell;
    }
    return best;
}

QRectF PairGrid::cellRect(int pair) const {
    if (m_aligned) {
        const PairColumns at = PairColumns::in(width(), m_study.pairs());
        return QRectF(at.start(pair), 0, at.slot, height());
    }
    const int across = columns(), rows = (m_study.pairs() + across - 1) / across;
    const double w = width() / static_cast<double>(across), h = height() / static_cast<double>(std::max(rows, 1));
    return QRectF((pair % across) * w, (pair / across) * h, w, h);
}

void PairGrid::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    for (int pair = 0; pair < m_study.pairs(); ++pair) paintCell(painter, pair);
}

void PairGrid::paintCell(QPainter& painter, int pair) const {
    const Theme& theme = Theme::instance();
    const QRectF cell = cellRect(pair).adjusted(theme.px(2), theme.px(2), -theme.px(2), -theme.px(2));
    const bool chosen = pair == m_study.pair();
    if (chosen) {
        QColor tint = theme.color(Role::selection);
        tint.setAlphaF(0.5F);
        painter.fillRect(cell, tint);
        drawFrame(painter, cell, 0, theme.color(Role::accent), Qt::transparent,
                  (hasFocus() && FocusRing::byKeyboard() ? 3 : 2) * theme.scale());
    }
    const double caption = std::min<double>(theme.px(captionRow), cell.height() * 0.24);
    const bool small = cell.width() < theme.px(roomForWord);
    painter.setFont(theme.font(small ? TextSize::caption : TextSize::axis, chosen));
    painter.setPen(theme.color(Role::text));
    const QRectF top(cell.left() + theme.px(6), cell.top() + theme.px(2), cell.width() - theme.px(12), caption);
    const QString name = small ? QString::number(pair) : tr("pair %1").arg(pair);
    painter.drawText(top, (small ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter, name);
    const double theta = m_study.geometry().pairs()[static_cast<std::size_t>(pair)].theta;
    const QString turning = theta >= 0.001 ? fixed(theta, 3) : scientific(theta, 0);
    const QFont thetaFont = theme.font(TextSize::caption);
    if (!small && textWidth(theme.font(TextSize::axis, true), name) + textWidth(thetaFont, turning) + theme.px(4) <= top.width()) {
        painter.setFont(thetaFont);
        painter.setPen(theme.color(Role::muted));
        painter.drawText(top, Qt::AlignRight | Qt::AlignVCenter, turning);
    }
    const QRectF below(cell.left(), cell.bottom() - caption, cell.width(), caption);
    const double radius = std::min((cell.width() - theme.px(12)) / 2, (below.top() - top.bottom()) / 2 - theme.px(1));
    if (radius > 4)
        paintPhaseCircle(painter, QPointF(cell.center().x(), (top.bottom() + below.top()) / 2), radius, arrowsOf(m_study, pair), false);
    painter.setFont(theme.font(small ? TextSize::caption : TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    const double term = m_study.geometry().term(pair, m_study.distance());
    painter.drawText(below, Qt::AlignCenter, small ? cellNumber(term, m_study.decimals() - 1) : signedFixed(term, m_study.decimals()));
}

void PairGrid::mousePressEvent(QMouseEvent* event) {
    for (int pair = 0; pair < m_study.pairs(); ++pair)
        if (cellRect(pair).contains(event->position())) m_study.setPair(pair);
}

void PairGrid::keyPressEvent(QKeyEvent* event) {
    const int across = columns();
    int pair = m_study.pair();
    switch (event->key()) {
        case Qt::Key_Left:
            --pair;
            break;
        case Qt::Key_Right:
            ++pair;
            break;
        case Qt::Key_Up:
            pair -= across;
            break;
        case Qt::Key_Down:
            pair += across;
            break;
        case Qt::Key_Home:
            pair = 0;
            break;
        case Qt::Key_End:
            pair = m_study.pairs() - 1;
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    if (pair >= 0 && pair < m_study.pairs()) m_study.setPair(pair);
}

void PairGrid::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}
void PairGrid::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace lab
