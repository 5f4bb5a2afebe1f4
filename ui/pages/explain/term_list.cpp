#include "ui/pages/explain/term_list.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int termListRowHeight = 20;
constexpr int signWidth = 14;
constexpr int usualDigits = 3;

QString signOf(explain::Operation operation, int row, bool minus) {
    if (minus) return QStringLiteral("\u2212");
    if (row == 0) return {};
    switch (operation) {
        case explain::Operation::quotient:
            return QStringLiteral("\u00F7");
        case explain::Operation::maximum:
            return {};
        case explain::Operation::siluProduct:
            return QStringLiteral("\u00B7");
        default:
            return QStringLiteral("+");
    }
}

}  // namespace

TermList::TermList(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describePicture(this, tr("Where it comes from"));
    whenThemed(this, &TermList::measure);
}

void TermList::setExpression(const explain::Expression& expression) {
    m_expression = expression;
    m_order.resize(expression.terms.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    const bool commutes = expression.operation == explain::Operation::sum || expression.operation == explain::Operation::mean;
    if (commutes)
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
            return std::abs(expression.terms[a].value()) > std::abs(expression.terms[b].value());
        });
    if (expression.operation == explain::Operation::maximum)
        std::stable_sort(m_order.begin(), m_order.end(),
                         [&](std::size_t a, std::size_t b) { return expression.terms[a].value() > expression.terms[b].value(); });
    m_row = std::clamp(m_row, 0, std::max(0, static_cast<int>(m_order.size()) - 1));
    const int apart = explain::digitsApart(expression, usualDigits);
    QStringList spoken;
    for (std::size_t i = 0; i < std::min<std::size_t>(m_order.size(), 5); ++i)
        for (const explain::Operand& operand : expression.terms[m_order[i]].factors)
            spoken << plainFormula(shown(operand.name) + QLatin1Char(' ') +
                                   withShownPoint(QString::fromStdString(explain::shownNumber(operand.value, apart))));
    describePicture(this, tr("Where it comes from"), spoken.join(QStringLiteral(", ")));
    measure();
    update();
}

QSize TermList::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(240), theme.px(termListRowHeight * 8)};
}

QSize TermList::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(200), theme.px(termListRowHeight * 3)};
}

int TermList::visibleRows() const {
    const int room = height() / Theme::instance().px(termListRowHeight), all = static_cast<int>(m_order.size());
    return all <= room ? all : std::max(room - 1, 1);
}

QFont TermList::termFont(bool bold) const {
    return Theme::instance().font(m_size, bold);
}

QString TermList::number(double value) const {
    return withShownPoint(QString::fromStdString(explain::shownNumber(value, m_digits)));
}

/// Of the widest product; 0 where every term is a single number.
int TermList::productWidth() const {
    int widest = 0;
    for (int row = 0; row < visibleRows(); ++row) {
        const explain::Term& term = m_expression.terms[m_order[static_cast<std::size_t>(row)]];
        if (term.factors.size() > 1) widest = std::max(widest, textWidth(termFont(true), number(term.value())));
    }
    return widest;
}

/// The widest name and number of each factor; what all of them need beside one another.
double TermList::measureColumns(std::vector<double>& names, std::vector<double>& numbers) const {
    names.clear();
    numbers.clear();
    for (int row = 0; row < visibleRows(); ++row) {
        const auto& factors = m_expression.terms[m_order[static_cast<std::size_t>(row)]].factors;
        names.resize(std::max(names.size(), factors.size()), 0.0);
        numbers.resize(names.size(), 0.0);
        for (std::size_t f = 0; f < factors.size(); ++f) {
            if (factors.size() == 1 && names.size() > 1) continue;  // alone on its line
            names[f] = std::max(names[f], formulaWidth(termFont(), shown(factors[f].name) + QLatin1Char(' ')));
            numbers[f] = std::max<double>(numbers[f], textWidth(termFont(), number(factors[f].value)));
        }
    }
    return std::accumulate(names.begin(), names.end(), 0.0) + std::accumulate(numbers.begin(), numbers.end(), 0.0) +
           static_cast<double>(names.size()) * Theme::instance().px(6);
}

/// A factor's names and numbers stand in one column, as wide as they need. Where not all fit, the font is smaller, then the numbers are
/// shorter; only then do the last factors lose their names.
void TermList::measure() {
    const Theme& theme = Theme::instance();
    std::vector<double> names, numbers;
    double needed = 0.0, room = 0.0;
    const int apart = explain::digitsApart(m_expression, usualDigits), fewer = m_expression.before ? apart : usualDigits - 1;
    for (const auto& [size, digits] :
         {std::pair{TextSize::axis, apart}, std::pair{TextSize::caption, apart}, std::pair{TextSize::caption, fewer}}) {
        m_size = size;
        m_digits = digits;
        needed = measureColumns(names, numbers);
        room = width() - theme.px(8 + signWidth) - productWidth() - theme.px(10);
        if (needed <= room) break;
    }
    m_named.assign(names.size(), true);
    m_widths.assign(names.size(), 0.0);
    for (std::size_t f = names.size(); f-- > 0 && needed > room;) {
        m_named[f] = false;
        needed -= names[f];
    }
    const double spare = names.empty() ? 0.0 : std::max(room - needed, 0.0) / static_cast<double>(names.size());
    for (std::size_t f = 0; f < names.size(); ++f) m_widths[f] = (m_named[f] ? names[f] : 0.0) + numbers[f] + theme.px(6) + spare;
}

bool TermList::namesFit() const {
    return std::find(m_named.begin(), m_named.end(), false) == m_named.end();
}

QString TermList::nameOf(const explain::Operand& operand, std::size_t factor) const {
    const bool fits = factor >= m_named.size() || m_named[factor];
    return fits && !operand.name.empty() ? shown(operand.name) + QLatin1Char(' ') : QString();
}

QRectF TermList::factorRect(int row, int factor) const {
    const Theme& theme = Theme::instance();
    const auto& factors = m_expression.terms[m_order[static_cast<std::size_t>(row)]].factors;
    double left = theme.px(8 + signWidth);
    const double top = theme.px(termListRowHeight) * row, high = theme.px(termListRowHeight);
    if (factors.size() == 1) return {left, top, width() - left - theme.px(8), high};
    for (int f = 0; f < factor; ++f) left += m_widths[static_cast<std::size_t>(f)];
    return {left, top, m_widths[static_cast<std::size_t>(factor)], high};
}

void TermList::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    measure();
}

void TermList::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setFont(theme.font(TextSize::axis));
    if (m_order.empty()) {
        painter.setPen(theme.color(Role::muted));
        const QString note = m_expression.note.empty() ? tr("This number is given.") : shown(m_expression.note);
        const QRectF place = rect().adjusted(theme.px(8), theme.px(4), -theme.px(8), 0);
        drawFormulaLines(painter, place, wrappedFormula(painter.font(), note, place.width()));
        return;
    }
    const int rows = visibleRows();
    double rest = 0.0;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const explain::Term& term = m_expression.terms[m_order[i]];
        const int row = static_cast<int>(i);
        if (row >= rows) {
            rest += term.value();
            continue;
        }
        const QRectF line(0, theme.px(termListRowHeight) * row, width(), theme.px(termListRowHeight));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(theme.px(8), line.top(), theme.px(signWidth), line.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         signOf(m_expression.operation, row, term.minus));
        for (std::size_t f = 0; f < term.factors.size(); ++f) {
            const explain::Operand& operand = term.factors[f];
            const QRectF place = factorRect(row, static_cast<int>(f));
            const QString text = nameOf(operand, term.factors.size() == 1 ? m_named.size() : f);
            painter.setFont(termFont());
            painter.setPen(theme.color(Role::muted));
            const double wide = formulaWidth(painter.font(), text);
            drawFormula(painter, place, Qt::AlignLeft, text);
            QFont underlined = termFont();
            underlined.setUnderline(operand.hasOrigin());
            painter.setFont(underlined);
            painter.setPen(theme.color(Role::text));
            painter.drawText(place.adjusted(wide, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, number(operand.value));
            if (hasFocus() && row == m_row && static_cast<int>(f) == m_factor) drawFocusRing(painter, place.adjusted(1, 2, -3, -2), 2);
        }
        painter.setFont(termFont(true));
        if (term.factors.size() > 1)
            painter.drawText(line.adjusted(0, 0, -theme.px(8), 0), Qt::AlignRight | Qt::AlignVCenter, number(term.value()));
        painter.setFont(theme.font(TextSize::axis));
    }
    const explain::Term& only = m_expression.terms[m_order.front()];
    if (m_order.size() == 1 && only.factors.size() == 1 && only.factors.front().hasOrigin()) {
        painter.setPen(theme.color(Role::muted));
        painter.drawText(rect().adjusted(theme.px(8), theme.px(termListRowHeight + 4), -theme.px(8), 0),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         tr("One number from an earlier stage: click it, or press Enter, to go there."));
    }
    if (rows < static_cast<int>(m_order.size())) {
        const int left = static_cast<int>(m_order.size()) - rows;
        const QString together = withShownPoint(QString::fromStdString(explain::shownNumber(rest, 3)));
        const bool small = explain::smallFrom(m_expression.terms, m_order, static_cast<std::size_t>(rows));
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, QRectF(theme.px(8), theme.px(termListRowHeight) * rows, width() - theme.px(16), theme.px(termListRowHeight)),
                   Qt::AlignLeft,
                   m_expression.operation == explain::Operation::maximum ? tr("%1 more, none larger").arg(left)
                   : small ? (left == 1 ? tr("1 small term, %1").arg(together) : tr("%1 small terms, together %2").arg(left).arg(together))
                   : left == 1 ? tr("1 more term, %1").arg(together)
                               : tr("%1 more terms, together %2").arg(left).arg(together));
    }
}

const explain::Operand* TermList::operandAt(const QPointF& point) const {
    for (int row = 0; row < visibleRows(); ++row) {
        const auto& factors = m_expression.terms[m_order[static_cast<std::size_t>(row)]].factors;
        for (std::size_t f = 0; f < factors.size(); ++f)
            if (factorRect(row, static_cast<int>(f)).contains(point)) return &factors[f];
    }
    return nullptr;
}

void TermList::mousePressEvent(QMouseEvent* event) {
    const explain::Operand* operand = operandAt(event->position());
    if (operand && operand->hasOrigin()) emit dug(explain::CellRef(operand->from));
}

void TermList::mouseMoveEvent(QMouseEvent* event) {
    const explain::Operand* operand = operandAt(event->position());
    setCursor(operand && operand->hasOrigin() ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void TermList::keyPressEvent(QKeyEvent* event) {
    if (m_order.empty()) return event->ignore();
    const auto factors = [&]() -> const std::vector<explain::Operand>& {
        return m_expression.terms[m_order[static_cast<std::size_t>(m_row)]].factors;
    };
    switch (event->key()) {
        case Qt::Key_Up:
            m_row = std::max(m_row - 1, 0);
            break;
        case Qt::Key_Down:
            m_row = std::min(m_row + 1, visibleRows() - 1);
            break;
        case Qt::Key_Left:
            m_factor = std::max(m_factor - 1, 0);
            break;
        case Qt::Key_Right:
            ++m_factor;
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter: {
            const auto& list = factors();
            const auto& operand = list[std::min(static_cast<std::size_t>(m_factor), list.size() - 1)];
            if (operand.hasOrigin()) emit dug(explain::CellRef(operand.from));
            return;
        }
        default:
            return event->ignore();
    }
    m_factor = std::clamp(m_factor, 0, static_cast<int>(factors().size()) - 1);
    update();
}

}  // namespace lab
