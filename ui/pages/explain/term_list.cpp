#include "ui/pages/explain/term_list.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int rowHeight = 20;
constexpr int signWidth = 14;

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
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        measure();
        updateGeometry();
    });
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
    m_row = std::clamp(m_row, 0, std::max(0, static_cast<int>(m_order.size()) - 1));
    QStringList spoken;
    for (std::size_t i = 0; i < std::min<std::size_t>(m_order.size(), 5); ++i)
        for (const explain::Operand& operand : expression.terms[m_order[i]].factors)
            spoken << plainFormula(QString::fromStdString(operand.name + " " + explain::shownNumber(operand.value, 3)));
    describePicture(this, tr("Where it comes from"), spoken.join(QStringLiteral(", ")));
    measure();
    update();
}

QSize TermList::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(240), theme.px(rowHeight * 8)};
}

QSize TermList::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(200), theme.px(rowHeight * 3)};
}

int TermList::visibleRows() const {
    const int room = height() / Theme::instance().px(rowHeight), all = static_cast<int>(m_order.size());
    return all <= room ? all : std::max(room - 1, 1);
}

/// Of the widest product; 0 where every term is a single number.
int TermList::productWidth() const {
    int widest = 0;
    const QFont bold = Theme::instance().font(TextSize::axis, true);
    for (int row = 0; row < visibleRows(); ++row) {
        const explain::Term& term = m_expression.terms[m_order[static_cast<std::size_t>(row)]];
        if (term.factors.size() > 1)
            widest = std::max(widest, textWidth(bold, QString::fromStdString(explain::shownNumber(term.value(), 3))));
    }
    return widest;
}

/// A factor's names and numbers stand in one column, as wide as they need. Where not all fit, the last factors lose their names: the
/// number is what counts.
void TermList::measure() {
    const Theme& theme = Theme::instance();
    const QFont font = theme.font(TextSize::axis);
    std::vector<double> names, numbers;
    for (int row = 0; row < visibleRows(); ++row) {
        const auto& factors = m_expression.terms[m_order[static_cast<std::size_t>(row)]].factors;
        names.resize(std::max(names.size(), factors.size()), 0.0);
        numbers.resize(names.size(), 0.0);
        for (std::size_t f = 0; f < factors.size(); ++f) {
            if (factors.size() == 1 && names.size() > 1) continue;  // alone on its line
            names[f] = std::max(names[f], formulaWidth(font, QString::fromStdString(factors[f].name) + QLatin1Char(' ')));
            numbers[f] = std::max<double>(numbers[f], textWidth(font, QString::fromStdString(explain::shownNumber(factors[f].value, 3))));
        }
    }
    const double gap = theme.px(6), room = width() - theme.px(8 + signWidth) - productWidth() - theme.px(10);
    m_named.assign(names.size(), true);
    m_widths.assign(names.size(), 0.0);
    double needed = 0.0;
    for (std::size_t f = 0; f < names.size(); ++f) needed += names[f] + numbers[f] + gap;
    for (std::size_t f = names.size(); f-- > 0 && needed > room;) {
        m_named[f] = false;
        needed -= names[f];
    }
    const double spare = names.empty() ? 0.0 : std::max(room - needed, 0.0) / static_cast<double>(names.size());
    for (std::size_t f = 0; f < names.size(); ++f) m_widths[f] = (m_named[f] ? names[f] : 0.0) + numbers[f] + gap + spare;
}

QString TermList::nameOf(const explain::Operand& operand, std::size_t factor) const {
    const bool fits = factor >= m_named.size() || m_named[factor];
    return fits && !operand.name.empty() ? QString::fromStdString(operand.name) + QLatin1Char(' ') : QString();
}

QRectF TermList::factorRect(int row, int factor) const {
    const Theme& theme = Theme::instance();
    const auto& factors = m_expression.terms[m_order[static_cast<std::size_t>(row)]].factors;
    double left = theme.px(8 + signWidth);
    const double top = theme.px(rowHeight) * row, high = theme.px(rowHeight);
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
        const QString note = plainFormula(QString::fromStdString(m_expression.note));
        painter.drawText(rect().adjusted(theme.px(8), theme.px(4), -theme.px(8), 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         note.isEmpty() ? tr("This number is given.") : note);
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
        const QRectF line(0, theme.px(rowHeight) * row, width(), theme.px(rowHeight));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(theme.px(8), line.top(), theme.px(signWidth), line.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         signOf(m_expression.operation, row, term.minus));
        for (std::size_t f = 0; f < term.factors.size(); ++f) {
            const explain::Operand& operand = term.factors[f];
            const QRectF place = factorRect(row, static_cast<int>(f));
            const QString text = nameOf(operand, term.factors.size() == 1 ? m_named.size() : f);
            const QString number = QString::fromStdString(explain::shownNumber(operand.value, 3));
            painter.setPen(theme.color(Role::muted));
            const double wide = formulaWidth(painter.font(), text);
            drawFormula(painter, place, Qt::AlignLeft, text);
            QFont font = theme.font(TextSize::axis);
            font.setUnderline(operand.hasOrigin());
            painter.setFont(font);
            painter.setPen(theme.color(Role::text));
            painter.drawText(place.adjusted(wide, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, number);
            painter.setFont(theme.font(TextSize::axis));
            if (hasFocus() && row == m_row && static_cast<int>(f) == m_factor) drawFocusRing(painter, place.adjusted(1, 2, -3, -2), 2);
        }
        painter.setFont(theme.font(TextSize::axis, true));
        if (term.factors.size() > 1)
            painter.drawText(line.adjusted(0, 0, -theme.px(8), 0), Qt::AlignRight | Qt::AlignVCenter,
                             QString::fromStdString(explain::shownNumber(term.value(), 3)));
        painter.setFont(theme.font(TextSize::axis));
    }
    const explain::Term& only = m_expression.terms[m_order.front()];
    if (m_order.size() == 1 && only.factors.size() == 1 && only.factors.front().hasOrigin()) {
        painter.setPen(theme.color(Role::muted));
        painter.drawText(rect().adjusted(theme.px(8), theme.px(rowHeight + 4), -theme.px(8), 0),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         tr("One number from an earlier step: click it, or press Enter, to go there."));
    }
    if (rows < static_cast<int>(m_order.size())) {
        painter.setPen(theme.color(Role::muted));
        painter.drawText(
            QRectF(theme.px(8), theme.px(rowHeight) * rows, width() - theme.px(16), theme.px(rowHeight)), Qt::AlignLeft | Qt::AlignVCenter,
            (std::abs(rest) <= 0.25 * std::abs(m_expression.result) ? tr("%1 small terms, together %2") : tr("%1 more terms, together %2"))
                .arg(static_cast<int>(m_order.size()) - rows)
                .arg(QString::fromStdString(explain::shownNumber(rest, 3))));
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
