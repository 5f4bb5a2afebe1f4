#include "ui/pages/codes/learned_number.h"

#include <QPainter>
#include <algorithm>

#include "ui/pages/codes/learned_words.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int numberLineHeight = 22, numberLineGap = 6, numberLineMost = 520, numberLineLeast = 120;

}  // namespace

LearnedNumber::LearnedNumber(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    describePicture(this, tr("Number of the code"));
}

void LearnedNumber::setCode(const BottleneckShape& shape, const std::optional<codes::Code>& code) {
    m_formula = codeSumFormula(shape) + QStringLiteral(" =");
    m_code.reset();
    m_most.reset();
    if (code) {
        m_code = codes::numberOf(shape, *code);
        m_most = codes::largestNumber(shape);
    }
    m_number = m_code ? codeNumberText(*m_code) : QString();
    m_largest = m_most ? codeNumberText(*m_most) : QString();
    const QString value = m_code ? tr("%1 of %2").arg(m_number, m_largest) : QString();
    describePicture(this, tr("Number of the code"), value);
    setToolTip(m_code ? tr("%1\nThe codes of the slots are the digits of one whole number, slot 0 the lowest.").arg(value) : QString());
    updateGeometry();
    update();
}

double LearnedNumber::widthOf(const Written& written) const {
    const Theme& theme = Theme::instance();
    return formulaWidth(theme.font(TextSize::text), m_formula) + textAdvance(theme.font(TextSize::token, true), written.number) +
           textAdvance(theme.font(TextSize::text), tr("of %1").arg(written.largest)) + 2 * theme.px(numberLineGap);
}

/// All digits where there is room, else ever fewer at both ends.
LearnedNumber::Written LearnedNumber::fitting(double width) const {
    Written written{m_number, m_largest};
    for (std::size_t edge = 24; widthOf(written) > width && edge >= 3; edge -= 3)
        written = {codeNumberText(*m_code, 2 * edge, edge), codeNumberText(*m_most, 2 * edge, edge)};
    return written;
}

QSize LearnedNumber::sizeHint() const {
    const Theme& theme = Theme::instance();
    const double needed = m_code ? widthOf({m_number, m_largest}) + 1 : 0;
    return {std::min(static_cast<int>(needed) + 1, theme.px(numberLineMost)), theme.px(numberLineHeight)};
}

QSize LearnedNumber::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {std::min(sizeHint().width(), theme.px(numberLineLeast)), theme.px(numberLineHeight)};
}

void LearnedNumber::paintEvent(QPaintEvent*) {
    if (!m_code) return;
    const Theme& theme = Theme::instance();
    const Written written = fitting(width());
    QPainter painter(this);
    QRectF room = rect();
    const auto put = [&](const QString& text, TextSize size, bool bold, Role role) {
        painter.setFont(theme.font(size, bold));
        painter.setPen(theme.color(role));
        const double taken = textAdvance(painter.font(), text);
        drawElided(painter, room, Qt::AlignRight, text);
        room.setRight(room.right() - taken - theme.px(numberLineGap));
    };
    put(tr("of %1").arg(written.largest), TextSize::text, false, Role::muted);
    put(written.number, TextSize::token, true, Role::text);
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::muted));
    if (room.width() >= formulaWidth(painter.font(), m_formula)) drawFormula(painter, room, Qt::AlignRight, m_formula);
}

}  // namespace lab
