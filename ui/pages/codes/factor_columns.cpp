#include "ui/pages/codes/factor_columns.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %, from the top of the picture.
constexpr int labelWidth = 108, columnWidth = 66, leastColumnWidth = 56, pictureHeight = 180, leastColumns = 2;
constexpr int positionTop = 4, tokenTop = 22, primeTop = 50, factorTop = 74, rowLine = 20, factorLine = 28;
constexpr int barsTop = 104, barText = 15, footHeight = 20, barWidth = 34, exponentRise = 7;
constexpr double tintShare = 0.55;
constexpr std::ptrdiff_t pageOfColumns = 8;

/// Where things stand in a picture that begins with column `first`, which `scrolled` px of are hidden.
struct ColumnMeasures {
    QRectF room;
    double scrolled = 0;
    double wide = Theme::instance().px(columnWidth);  ///< a column

    double left() const { return room.left() + Theme::instance().px(labelWidth); }
    double baseline() const { return room.bottom() - Theme::instance().px(footHeight); }
    QRectF column(std::size_t at) const { return {left() + wide * static_cast<double>(at) - scrolled, room.top(), wide, room.height()}; }
    QRectF line(const QRectF& within, int top, int height) const {
        return {within.left(), room.top() + Theme::instance().px(top), within.width(), static_cast<double>(Theme::instance().px(height))};
    }
    double highestBar() const { return std::max(0.0, baseline() - room.top() - Theme::instance().px(barsTop + barText)); }
};

void paintLabels(QPainter& painter, const ColumnMeasures& at) {
    const Theme& theme = Theme::instance();
    const QRectF side(at.room.left() + 2, at.room.top(), theme.px(labelWidth - 4) - 2, at.room.height());
    const auto put = [&](int top, int height, const QString& text, TextSize size, bool bold) {
        painter.setFont(theme.font(size, bold));
        painter.setPen(theme.color(bold ? Role::text : Role::muted));
        drawElidedFormula(painter, at.line(side, top, height), Qt::AlignRight, text);
    };
    put(positionTop, rowLine, FactorColumns::tr("position i"), TextSize::caption, false);
    put(tokenTop, rowLine, FactorColumns::tr("token s"), TextSize::axis, false);
    put(primeTop, rowLine, FactorColumns::tr("i-th prime"), TextSize::axis, false);
    put(factorTop, factorLine, FactorColumns::tr("factor p^{s + 1}"), TextSize::axis, true);
    put(barsTop + 16, 16, FactorColumns::tr("bits of the factor"), TextSize::axis, false);
    put(barsTop + 32, 16, FactorColumns::tr("(s + 1) log\u2082 p"), TextSize::caption, false);
}

/// The symbol, and its number where that is not how it is written.
void paintToken(QPainter& painter, const QRectF& line, const GoedelStudy& study, int symbol) {
    const Theme& theme = Theme::instance();
    const QString text = qt(study.of.alphabet->symbol(symbol)), number = QString::number(symbol);
    const QFont bold = theme.font(TextSize::token, true), small = theme.font(TextSize::caption);
    const double beside = text == number ? 0 : textAdvance(small, number) + theme.px(4);
    const double wide = std::min(textAdvance(bold, text), line.width() - beside - theme.px(6));
    const double left = line.center().x() - (wide + beside) / 2;
    painter.setFont(bold);
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRectF(left, line.top(), wide + 1, line.height()), Qt::AlignLeft, text);
    if (beside == 0) return;
    painter.setFont(small);
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(left + wide + theme.px(4), line.top(), beside, line.height()), Qt::AlignLeft | Qt::AlignVCenter, number);
}

/// "13" with a raised "10", as large as there is room for.
void paintPower(QPainter& painter, const QRectF& line, const goedel::Factor& factor) {
    const Theme& theme = Theme::instance();
    const QString base = QString::number(factor.prime), exponent = QString::number(factor.exponent());
    for (const TextSize size : {TextSize::meter, TextSize::token, TextSize::caption}) {
        const QFont large = theme.font(size, true), small = theme.font(size == TextSize::caption ? size : TextSize::axis, true);
        const double wide = textAdvance(large, base) + textAdvance(small, exponent);
        if (wide > line.width() - theme.px(12) && size != TextSize::caption) continue;
        const double left = line.center().x() - wide / 2, bottom = line.bottom() - theme.px(7);
        painter.setPen(theme.color(Role::text));
        painter.setFont(large);
        painter.drawText(QPointF(left, bottom), base);
        painter.setFont(small);
        painter.drawText(QPointF(left + textAdvance(large, base), bottom - theme.px(exponentRise)), exponent);
        return;
    }
}

void paintBar(QPainter& painter, const QRectF& column, const ColumnMeasures& at, double bits, double most, bool chosen) {
    const Theme& theme = Theme::instance();
    const double high = most > 0 ? at.highestBar() * bits / most : 0, wide = theme.px(barWidth);
    const QRectF bar(column.center().x() - wide / 2, at.baseline() - high, wide, high);
    painter.fillRect(bar, theme.color(Role::series1));
    const double frame = theme.px(2);
    if (chosen) drawFrame(painter, bar.adjusted(-frame, -frame, frame, 0), 0, theme.color(Role::fillBorder), Qt::transparent, frame);
    painter.setFont(theme.font(TextSize::axis, chosen));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(column.left(), bar.top() - theme.px(barText) - 1, column.width(), theme.px(barText)), Qt::AlignCenter,
                     fixed(bits, 1));
}

void paintColumn(QPainter& painter, const QRectF& column, const ColumnMeasures& at, const GoedelStudy& study, std::size_t index, bool chosen) {
    const Theme& theme = Theme::instance();
    const goedel::Factor& factor = study.factors[index];
    if (chosen) {
        QColor tint = theme.color(Role::selection);
        tint.setAlphaF(static_cast<float>(tintShare));
        painter.fillRect(column.adjusted(0, theme.px(2), -theme.px(2), -theme.px(4)), tint);
    }
    painter.setFont(theme.font(TextSize::caption, chosen));
    painter.setPen(theme.color(chosen ? Role::accent : Role::muted));
    painter.drawText(at.line(column, positionTop, rowLine), Qt::AlignCenter, QString::number(index));
    paintToken(painter, at.line(column, tokenTop, rowLine), study, factor.symbol);
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::text));
    painter.drawText(at.line(column, primeTop, rowLine), Qt::AlignCenter, QString::number(factor.prime));
    paintPower(painter, at.line(column, factorTop, factorLine), factor);
    paintBar(painter, column, at, factor.bits, study.mostBits, chosen);
    if (index + 1 == study.factors.size()) return;
    painter.setFont(theme.font(TextSize::meter, true));
    painter.drawText(QRectF(column.right() - theme.px(8), at.line(column, factorTop, factorLine).top(), theme.px(16), theme.px(factorLine)),
                     Qt::AlignCenter, QStringLiteral("\u00B7"));
}

/// What the bars stand on.
void paintBase(QPainter& painter, const ColumnMeasures& at) {
    const Theme& theme = Theme::instance();
    drawHairline(painter, {at.left(), at.baseline()}, {at.room.right() - theme.px(4), at.baseline()}, theme.color(Role::controlBorder));
}

void paintFoot(QPainter& painter, const ColumnMeasures& at, const GoedelStudy& study) {
    const Theme& theme = Theme::instance();
    const QString sum = FactorColumns::tr("\u03A3 %1 bits").arg(fixed(study.bits, 2));
    QRectF line(at.left(), at.baseline(), at.room.right() - at.left() - theme.px(8), theme.px(footHeight));
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, sum);
    line.setRight(line.right() - textAdvance(painter.font(), sum) - theme.px(12));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, line, Qt::AlignHCenter, FactorColumns::tr("long for large tokens late in the sequence"));
}

}  // namespace

FactorColumns::FactorColumns(QWidget* parent) : QWidget(parent), m_scroll(new QScrollBar(Qt::Horizontal, this)) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    connect(m_scroll, &QScrollBar::valueChanged, this, [this] { update(); });
    followTheme(this, [this] { arrange(); });
    describe();
}

void FactorColumns::setStudy(GoedelStudyPtr study, std::size_t column) {
    const bool moved = column != m_column || !m_study || !(m_study->of == study->of);
    m_study = std::move(study);
    m_column = column;
    arrange();
    if (moved) showColumn();
    describe();
    update();
}

int FactorColumns::widthOf(std::size_t columns) {
    return labelWidth + 4 + columnWidth * static_cast<int>(columns);
}

int FactorColumns::heightOf() {
    return pictureHeight;
}

QSize FactorColumns::sizeHint() const {
    return {Theme::instance().px(widthOf(static_cast<std::size_t>(pageOfColumns))), Theme::instance().px(heightOf())};
}

QSize FactorColumns::minimumSizeHint() const {
    return {Theme::instance().px(widthOf(leastColumns)), Theme::instance().px(heightOf())};
}

QRectF FactorColumns::pictureRoom() const {
    return QRectF(rect()).adjusted(0, 0, 0, m_scroll->isHidden() ? 0 : -m_scroll->height());
}

QRectF FactorColumns::columnsRoom() const {
    QRectF room = pictureRoom();
    room.setLeft(ColumnMeasures{room}.left());
    return room;
}

QRectF FactorColumns::columnRect(std::size_t column) const {
    return ColumnMeasures{pictureRoom(), m_scroll->isHidden() ? 0.0 : m_scroll->value(), m_wide}.column(column);
}

/// Columns that nearly have room beside one another move together. The scroll bar stands below the picture where the columns have no room
/// beside one another.
void FactorColumns::arrange() {
    const double room = width() - Theme::instance().px(labelWidth + 4), columns = static_cast<double>(std::max<std::size_t>(count(), 1));
    const double usual = Theme::instance().px(columnWidth), closer = std::floor(room / columns);
    m_wide = closer >= Theme::instance().px(leastColumnWidth) ? std::min(usual, closer) : usual;
    const double wide = m_wide * static_cast<double>(count());
    m_scroll->setVisible(wide > room);
    m_scroll->setRange(0, std::max(0, static_cast<int>(std::ceil(wide - room))));
    m_scroll->setPageStep(std::max(1, static_cast<int>(room)));
    m_scroll->setSingleStep(static_cast<int>(m_wide));
    const int high = m_scroll->sizeHint().height();
    m_scroll->setGeometry(Theme::instance().px(labelWidth), height() - high, std::max(0, width() - Theme::instance().px(labelWidth)), high);
}

void FactorColumns::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
    showColumn();
}

/// The column in hand is in sight.
void FactorColumns::showColumn() {
    if (m_scroll->isHidden() || m_column >= count()) return;
    const QRectF room = columnsRoom(), column = columnRect(m_column);
    if (column.left() < room.left()) m_scroll->setValue(m_scroll->value() - static_cast<int>(room.left() - column.left()));
    if (column.right() > room.right()) m_scroll->setValue(m_scroll->value() + static_cast<int>(std::ceil(column.right() - room.right())));
}

void FactorColumns::paint(QPainter& painter, const QRectF& room, const GoedelStudy& study, std::size_t first, std::size_t count,
                          bool last) {
    const ColumnMeasures at{room, static_cast<double>(Theme::instance().px(columnWidth)) * static_cast<double>(first)};
    paintLabels(painter, at);
    for (std::size_t i = first; i < std::min(first + count, study.factors.size()); ++i)
        paintColumn(painter, at.column(i), at, study, i, false);
    paintBase(painter, at);
    if (last) paintFoot(painter, at, study);
}

void FactorColumns::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    if (!m_study) return;
    const ColumnMeasures at{pictureRoom(), m_scroll->isHidden() ? 0.0 : m_scroll->value(), m_wide};
    paintLabels(painter, at);
    const QRectF room = columnsRoom();
    if (count() == 0) paintEmpty(painter, room, tr("The empty sequence has no factors: its number is 1."));
    painter.save();
    painter.setClipRect(room);
    const auto first = static_cast<std::size_t>(at.scrolled / at.wide);
    for (std::size_t i = first; i < count() && at.column(i).left() < room.right(); ++i)
        paintColumn(painter, at.column(i), at, *m_study, i, i == m_column);
    if (hasFocus() && FocusRing::byKeyboard() && m_column < count()) drawFocusRing(painter, at.column(m_column).adjusted(4, 5, -6, -7), 2);
    painter.restore();
    paintBase(painter, at);
    paintFoot(painter, at, *m_study);
}

QString FactorColumns::words(std::size_t column) const {
    if (column >= count()) return {};
    const goedel::Factor& factor = m_study->factors[column];
    return tr("position %1: %2, symbol %3 of the alphabet, makes the factor %4^%5 of %6 bits")
        .arg(column)
        .arg(qt(m_study->of.alphabet->symbol(factor.symbol)))
        .arg(factor.symbol)
        .arg(factor.prime)
        .arg(factor.exponent())
        .arg(fixed(factor.bits, 1));
}

void FactorColumns::describe() {
    QString value;
    if (m_study)
        value = sentences(
            {counted(LAB_PLURAL("codes", "%n column(s), %1 bits."), static_cast<std::int64_t>(count()), {fixed(m_study->bits, 2)}),
             words(m_column)});
    describePicture(this, tr("Factors of the Gödel number"), value);
}

void FactorColumns::choose(std::ptrdiff_t column) {
    if (count() == 0) return;
    const auto wanted = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(column, 0, static_cast<std::ptrdiff_t>(count()) - 1));
    if (wanted == m_column) return;
    m_column = wanted;  // at once: keys come faster than what is asked for
    showColumn();
    describe();
    update();
    emit columnChosen(wanted);
}

void FactorColumns::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !columnsRoom().contains(event->position())) return;
    const auto index = static_cast<std::ptrdiff_t>(std::floor((event->position().x() - columnRect(0).left()) / m_wide));
    if (index >= 0 && index < static_cast<std::ptrdiff_t>(count())) choose(index);
}

/// Sideways, and up and down while there is something to scroll to.
void FactorColumns::wheelEvent(QWheelEvent* event) {
    const QPoint turn = event->angleDelta();
    const int by = turn.x() != 0 ? turn.x() : turn.y();
    const int before = m_scroll->value();
    if (!m_scroll->isHidden()) m_scroll->setValue(before - by * static_cast<int>(m_wide) / 120);
    event->setAccepted(m_scroll->value() != before);
}

void FactorColumns::keyPressEvent(QKeyEvent* event) {
    const auto at = static_cast<std::ptrdiff_t>(m_column);
    switch (event->key()) {
        case Qt::Key_Left:
            return choose(at - 1);
        case Qt::Key_Right:
            return choose(at + 1);
        case Qt::Key_PageUp:
            return choose(at - pageOfColumns);
        case Qt::Key_PageDown:
            return choose(at + pageOfColumns);
        case Qt::Key_Home:
            return choose(0);
        case Qt::Key_End:
            return choose(static_cast<std::ptrdiff_t>(count()) - 1);
        default:
            return QWidget::keyPressEvent(event);
    }
}

bool FactorColumns::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || count() == 0) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text =
        tr("G = \u03A0 p^(s + 1): each position has a prime of its own, and the symbol there says how often it is multiplied; + 1, "
           "so that symbol 0 and the length leave their mark.");
    const double into = (help->pos().x() - columnRect(0).left()) / m_wide;
    if (columnsRoom().contains(help->pos()) && into >= 0 && into < static_cast<double>(count()))
        text = words(static_cast<std::size_t>(into));
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

}  // namespace lab
